#pragma once

#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// The job, with the SOURCE of the command line (when it is not blank) in place of its own. That one is a part of the
// source unless it is the job's own file, or `is_full` says otherwise. Throws command_error(usage) when neither names
// one.
inline settings job_with_source(const std::string& job_file, const std::string& source, bool is_full = false) {
    // It would be read as a CSV file.
    if (source.ends_with(".toml")) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is a job, and {} is one already: name one job, and behind it a source to "
                                        "read in place of its own",
                                        source, job_file));
    }
    settings job = read_job(job_file);
    if (!source.empty()) {
        const std::filesystem::path own = job.source.path;
        job.source.path = source == "-" ? std::filesystem::path("-") : std::filesystem::absolute(source);
        std::error_code ignored;
        const bool is_own = job.source.path == own || std::filesystem::equivalent(job.source.path, own, ignored);
        job.source.is_part = !is_full && !is_own;
    }
    if (job.source.path.empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("{} names no source: write [source] path = \"…\", or name the file on "
                                        "the command line",
                                        job_file));
    }
    return job;
}

// An output that is also an input would destroy it, and so would one that is another output.
// `outputs` are options and the files that they name, blank ones where they were not given.
inline void refuse_to_overwrite(const settings& job, const std::vector<std::pair<std::string, std::string>>& outputs) {
    namespace fs = std::filesystem;
    std::vector<std::pair<std::string, fs::path>> inputs = {{"the source", job.source.path},
                                                            {"the job", job.job},
                                                            {"the token file", job.account.token_file},
                                                            {"the CA file", job.account.ca_file}};
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
