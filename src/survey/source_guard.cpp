#include "baseload/survey/source_guard.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <initializer_list>
#include <vector>

namespace baseload {

namespace {

std::uint64_t count_of(const survey& found, std::initializer_list<row_need> needs) {
    const auto counts = found.counts();
    std::uint64_t sum = 0;
    for (const row_need need : needs) {
        sum += counts.at(static_cast<std::size_t>(need));
    }
    return sum;
}

}  // namespace

void guard_against_cut_off_source(const settings& job, const std::string& source, const survey& found,
                                  run_history& history) {
    // A row that the job leaves out is none of its customers: a flag that is written in another way loses them as a
    // file that was cut off does.
    const std::uint64_t skipped = count_of(found, {row_need::skipped});
    const std::uint64_t records = found.rows.size() - skipped;
    const std::string besides = skipped > 0 ? fmt::format(" (besides {} skipped)", grouped(skipped)) : std::string{};
    // Holds for a first run too, which has no run before it to be compared with.
    if (records < job.source.min_rows) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has {}{}, and {} is the least that [source] min_rows takes for whole; nothing was sent",
                        source, found.rows.empty() ? "a header and no rows" : counted(records, "row"), besides,
                        grouped(job.source.min_rows)));
    }
    // Of the last run that was full: one that was stopped, or had only a part, says nothing of the size.
    const auto before = history.last_full_records();
    if (!job.source.max_shrink || !before || *before == 0) {
        return;
    }
    const double least = static_cast<double>(*before) * (1 - *job.source.max_shrink);
    if (static_cast<double>(records) < least) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has {}{}, and the last full run read {}: more than [source] max_shrink = \"{:g}%\" are "
                        "gone, as if the file was cut off; nothing was sent. If it is whole, raise max_shrink",
                        source, counted(records, "row"), besides, grouped(*before), *job.source.max_shrink * 100));
    }
}

namespace {

std::string quoted(const std::vector<std::string>& keys) {
    std::vector<std::string> texts;
    for (const std::string& key : keys) {
        texts.push_back(in_quotes(key));
    }
    return listed(texts);
}

}  // namespace

namespace {

// A file beside the source, which the export makes when it is through.
void expect_done_file(const std::filesystem::path& source) {
    namespace fs = std::filesystem;
    const fs::path done = source.string() + ".done";
    std::error_code error;
    const auto made = fs::last_write_time(done, error);
    const char* problem = nullptr;
    if (error) {
        problem = "is not there yet";
    } else if (made < fs::last_write_time(source, error)) {
        problem = "is older than the file";
    }
    if (problem != nullptr) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: {} {}, and [source] complete = \"done file\" says that the export is not "
                                        "through before; nothing was sent",
                                        source.string(), done.string(), problem));
    }
}

// Each row of the file says how many there are.
void expect_rows_column(const settings& job, const record_source& file) {
    const std::vector<std::string> names = file.columns().names;
    const auto at = std::find(names.begin(), names.end(), job.source.rows_column);
    if (at == names.end()) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has no column {}{}, which [source] complete = \"rows column\" asks for; name "
                        "it with [source] rows_column",
                        file.name(), in_quotes(job.source.rows_column), did_you_mean(job.source.rows_column, names)));
    }
    const auto column = static_cast<std::size_t>(at - names.begin());
    std::uint64_t rows = 0;
    const auto counting = file.read();
    for (record row; counting->next(row);) {
        ++rows;
    }
    const std::string expected = std::to_string(rows);
    const auto reader = file.read();
    for (record row; reader->next(row);) {
        const std::string_view said = column < row.cells.size() ? trimmed(row.cells[column]) : std::string_view{};
        if (said != expected) {
            throw command_error(exit_code::usage,
                                fmt::format("{}, line {}: says in {} that there are {} rows, and the file has {}: it "
                                            "was cut off, or put together; nothing was sent",
                                            file.name(), row.line, in_quotes(job.source.rows_column), in_quotes(said),
                                            grouped(rows)));
        }
    }
}

}  // namespace

void guard_against_incomplete_source(const settings& job, const record_source& source, const survey& found) {
    switch (job.source.complete) {
    case completeness::unknown: break;
    case completeness::trailing_newline:
        if (found.open_end) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: the last row has no line end, and [source] complete = "
                                            "\"trailing newline\" takes the file for cut off; nothing was sent",
                                            source.places()->text(found.open_end->line)));
        }
        break;
    case completeness::done_file:
        for (const std::filesystem::path& file : job.source.paths) {
            expect_done_file(file);
        }
        break;
    case completeness::rows_column:
        for (const record_source* file : source.parts()) {
            expect_rows_column(job, *file);
        }
        break;
    }
}

std::string sign_of_cut(const record_source& source, const source_end& end) {
    const char* more = end.has_fewer    ? ", and fewer cells than the others"
                       : end.is_shorter ? ", and its last cell is shorter than that of any other"
                                        : "";
    return fmt::format("{}: the last row has no line end{}: was the export cut off? [source] complete says by what a "
                       "whole one is known",
                       source.places()->text(end.line), more);
}

void guard_against_useless_key(const settings& job, const std::string& source, const survey& found) {
    const std::uint64_t in_conflict = count_of(found, {row_need::conflict});
    if (found.rows.size() < too_few_to_tell || in_conflict * 2 <= found.rows.size()) {
        return;
    }
    throw command_error(
        exit_code::usage,
        fmt::format(
            "{}: {} of {} share their keys with rows that differ, so {} identifies nobody; nothing was sent. Name "
            "in [key] columns what is different for each customer (an ERP number, say)",
            source, grouped(in_conflict), counted(found.rows.size(), "row"), quoted(job.key.columns)));
}

void guard_against_other_keys(const std::string& source, const survey& found, client_memory& memory) {
    // Those that are held back count as new keys: held back they are just because they are no known ones.
    const std::uint64_t created = count_of(found, {row_need::create, row_need::held_back});
    const std::uint64_t without_row = found.missing.size() + found.held_clients;
    // Both must hold: a file that grows much has many new keys, and one that shrinks has many missing.
    const bool most_are_missing = without_row * 2 > found.known_clients;
    const bool most_are_new = created * 2 > found.rows.size();
    if (!most_are_missing || !most_are_new) {
        return;
    }
    constexpr std::size_t max_examples = 3;
    std::vector<std::string> known;
    // Held-back keys first, since they are the same customers in another form: the best example of what is wrong.
    for (const auto& [line, key] : found.held_back) {
        if (known.size() < max_examples) {
            known.push_back(key);
        }
    }
    for (std::size_t i = 0; i < found.missing.size() && known.size() < max_examples; ++i) {
        if (const auto client = memory.client_of(found.missing[i])) {
            known.push_back(client->key);
        }
    }
    throw command_error(
        exit_code::usage,
        fmt::format(
            "{}: {} of {} have new keys (such as {}), and {} of the {} that the journal knows (such as {}) have no "
            "row: the keys are written in another way, or this is another file; nothing was sent. If they are "
            "other customers, say --new-keys ([key] new_keys = \"create\" for a source that never has the old "
            "ones)",
            source, grouped(created), counted(found.rows.size(), "row"), quoted(found.new_keys), grouped(without_row),
            counted(found.known_clients, "client"), quoted(known)));
}

}  // namespace baseload
