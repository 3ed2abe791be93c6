#include "baseload/survey/source_guard.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <vector>

namespace baseload {

void guard_against_cut_off_source(const settings& job, const std::string& source, std::uint64_t records,
                                  run_history& history) {
    // Holds for a first run too, which has no run before it to be compared with.
    if (records < job.source.min_rows) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has {}, and {} is the least that [source] min_rows takes for whole; nothing was sent",
                        source, records == 0 ? "a header and no rows" : counted(records, "row"),
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
            fmt::format("{}: has {}, and the last full run read {}: more than [source] max_shrink = \"{:g}%\" are "
                        "gone, as if the file was cut off; nothing was sent. If it is whole, raise max_shrink",
                        source, counted(records, "row"), grouped(*before), *job.source.max_shrink * 100));
    }
}

namespace {

std::uint64_t count_of(const survey& found, std::initializer_list<row_need> needs) {
    const auto counts = found.counts();
    std::uint64_t sum = 0;
    for (const row_need need : needs) {
        sum += counts.at(static_cast<std::size_t>(need));
    }
    return sum;
}

std::string quoted(const std::vector<std::string>& keys) {
    std::vector<std::string> texts;
    for (const std::string& key : keys) {
        texts.push_back(in_quotes(key));
    }
    return listed(texts);
}

}  // namespace

void guard_against_useless_key(const settings& job, const std::string& source, const survey& found) {
    const std::uint64_t in_conflict = count_of(found, {row_need::conflict});
    // In a handful of rows two that conflict are no sign of a wrong key.
    constexpr std::uint64_t too_few_to_tell = 10;
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
