#pragma once

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/source/source_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// The files that are read in place of the job's own. They are a part of the source unless they are the job's own ones,
// or `is_full` says otherwise.
inline void replace_source(settings& job, const std::vector<std::string>& sources, bool is_full) {
    namespace fs = std::filesystem;
    const std::vector<fs::path> own = find_source_files(job.source.paths, {}).paths();
    job.source.paths.clear();
    for (const std::string& source : sources) {
        // It would be read as a CSV file.
        if (source.ends_with(".toml")) {
            throw command_error(exit_code::usage,
                                fmt::format("{} is a job, and {} is one already: name one job, and behind it the "
                                            "sources to read in place of its own",
                                            source, job.job.filename().string()));
        }
        if (source == "-" && sources.size() > 1) {
            throw command_error(exit_code::usage, "- is standard input, and stands beside files; name either");
        }
        job.source.paths.push_back(source == "-" ? fs::path("-") : fs::absolute(source));
    }
    const auto is_same = [](const fs::path& one, const fs::path& other) {
        std::error_code ignored;
        return one == other || fs::equivalent(one, other, ignored);
    };
    const std::vector<fs::path> given = find_source_files(job.source.paths, {}).paths();
    const bool are_own = !own.empty() && std::all_of(own.begin(), own.end(), [&](const fs::path& one) {
        return std::any_of(given.begin(), given.end(), [&](const fs::path& other) { return is_same(one, other); });
    });
    job.source.is_part = !is_full && (job.source.is_part || !are_own);
    job.source.is_named = !are_own;
    job.source.is_changes = job.source.is_changes && are_own;
    // The job's own files are moved away. What a person names stays.
    job.source.move_to.clear();
}

// The job, with the SOURCEs of the command line (when there are any) in place of its own. Its paths may still be
// patterns. Throws command_error(usage) when neither names one.
inline settings job_with_patterns(const std::string& job_file, const std::vector<std::string>& sources,
                                  bool is_full = false) {
    settings job = read_job(job_file);
    if (!sources.empty()) {
        replace_source(job, sources, is_full);
    }
    if (job.source.paths.empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("{} names no source: write [source] path = \"…\", or name the file on "
                                        "the command line",
                                        job_file));
    }
    return job;
}

// What is said where a pattern finds no file.
inline std::string no_file_text(const settings& job, const source_files& files) {
    std::vector<std::string> patterns;
    for (const std::filesystem::path& path : job.source.paths) {
        patterns.push_back(path.string());
    }
    if (!files.unfinished.empty()) {
        return fmt::format("{}: {} being written, or {} less than [source] settle ago, and left for the next run",
                           listed(patterns),
                           files.unfinished.size() == 1 ? "its only file is"
                                                        : fmt::format("its {} files are", files.unfinished.size()),
                           files.unfinished.size() == 1 ? "was" : "were");
    }
    return fmt::format("{}: there is no such file", listed(patterns));
}

// The same, with files in place of patterns. Throws command_error(usage) where there is no file.
inline settings job_with_source(const std::string& job_file, const std::vector<std::string>& sources,
                                bool is_full = false) {
    settings job = job_with_patterns(job_file, sources, is_full);
    const source_files files = find_source_files(job.source.paths, job.source.settle);
    if (files.found.empty()) {
        const std::string moved = job.source.move_to.empty() ? ""
                                                             : fmt::format("; name the files on the command line, such "
                                                                           "as {}*",
                                                                           job.source.move_to.string());
        throw command_error(exit_code::usage, no_file_text(job, files) + moved);
    }
    job.source.paths = files.paths();
    return job;
}

// An output that is also an input would destroy it, and so would one that is another output.
// `outputs` are options and the files that they name, blank ones where they were not given.
inline void refuse_to_overwrite(const settings& job, const std::vector<std::pair<std::string, std::string>>& outputs) {
    namespace fs = std::filesystem;
    std::vector<std::pair<std::string, fs::path>> inputs = {
        {"the job", job.job}, {"the token file", job.account.token_file}, {"the CA file", job.account.ca_file}};
    for (const fs::path& source : job.source.paths) {
        inputs.emplace_back("the source", source);
    }
    for (const journal_file& file : files_of(job.journal)) {
        inputs.emplace_back(file.name, file.path);
    }
    std::map<fs::path, std::string> written;
    for (const auto& [option, output] : outputs) {
        if (output.empty()) {
            continue;
        }
        for (const auto& [name, input] : inputs) {
            std::error_code ignored;
            if (!input.empty() &&
                (fs::equivalent(output, input, ignored) || fs::absolute(output).lexically_normal() == input)) {
                throw command_error(
                    exit_code::usage,
                    fmt::format("{} {} is {}, which it would overwrite; name another file", option, output, name));
            }
        }
        const auto [other, is_new] = written.emplace(fs::absolute(output).lexically_normal(), option);
        if (!is_new) {
            throw command_error(exit_code::usage,
                                fmt::format("{} and {} name the same file; name two", other->second, option));
        }
    }
}

}  // namespace baseload
