#include "conflict_comparison.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/survey/question.hpp"

#include <algorithm>
#include <cstdint>
#include <set>
#include <vector>

namespace baseload {
namespace {

// A bound on memory: so many conflicts are a fault of the file as a whole.
constexpr std::size_t max_compared = 50'000;

struct compared {
    std::vector<std::uint32_t> first;     // hashes of its first row's cells
    std::vector<std::uint32_t> ordinals;  // of all its rows
    std::set<std::size_t> differ;         // columns
};

std::uint32_t short_hash(std::string_view cell) {
    return static_cast<std::uint32_t>(fingerprint_of(cell).low);
}

void compare(compared& rows, const record& row, std::uint32_t ordinal) {
    rows.ordinals.push_back(ordinal);
    if (rows.first.empty()) {
        for (const std::string_view cell : row.cells) {
            rows.first.push_back(short_hash(cell));
        }
        return;
    }
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        if (rows.first[column] != short_hash(row.cells[column])) {
            rows.differ.insert(column);
        }
    }
}

// As if its rows had been equal from the beginning.
void make_repeats(const compared& rows, const fingerprint& key, row_need first, survey& found) {
    for (const std::uint32_t ordinal : rows.ordinals) {
        const bool is_first = ordinal == rows.ordinals.front();
        found.rows[ordinal] = is_first                     ? first
                              : first == row_need::nothing ? row_need::merged
                              : first == row_need::reject  ? row_need::reject
                                                           : row_need::repeat;
    }
    if (first != row_need::nothing && first != row_need::reject) {
        found.repeated.insert(key);
    }
}

}  // namespace

void compare_conflicts(const record_source& source, const mapper& map, survey& found,
                       const std::function<bool()>& keep_going) {
    if (found.conflicts.empty() || found.conflicts.size() > max_compared) {
        return;
    }
    std::map<fingerprint, compared> all;
    const auto reader = source.read();
    record row;
    for (std::uint32_t ordinal = 0; ordinal < found.rows.size() && reader->next(row); ++ordinal) {
        if (ordinal % rows_between_questions == 0) {
            throw_unless(keep_going);
        }
        // A row of another shape has no key that can be read, and is in no conflict.
        if (found.rows[ordinal] == row_need::conflict && map.check_shape(row).empty()) {
            compare(all[key_hash(map.key_of(row))], row, ordinal);
        }
    }
    for (const auto& [key, rows] : all) {
        const auto conflict = found.conflicts.find(key);
        if (conflict == found.conflicts.end()) {
            continue;  // the source has changed, which the second pass says
        }
        const bool matters =
            std::any_of(rows.differ.begin(), rows.differ.end(), [&](std::size_t column) { return map.uses(column); });
        if (!matters && !rows.differ.empty()) {
            make_repeats(rows, key, conflict->second.first_need, found);
            found.conflicts.erase(conflict);
            continue;
        }
        for (const std::size_t column : rows.differ) {
            if (map.uses(column)) {
                conflict->second.columns.push_back(reader->header()[column]);
            }
        }
    }
}

}  // namespace baseload
