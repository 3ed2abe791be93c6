#include "baseload/core/nearest.hpp"

#include "baseload/core/text.hpp"

#include <algorithm>
#include <numeric>

namespace baseload {
namespace {

// Levenshtein distance over bytes, one row of its table at a time. A letter outside ASCII counts for as many edits as
// it has bytes.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({row[j - 1] + 1, above + 1, substituted});
            diagonal = above;
        }
    }
    return row[b.size()];
}

}  // namespace

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
    const std::string wanted = ascii_lower(name);
    // A third of the letters may be wrong, and of short names two. The first of equally near ones wins.
    std::size_t best = std::max<std::size_t>(2, wanted.size() / 3) + 1;
    std::string found;
    for (const auto& candidate : candidates) {
        const std::size_t distance = edit_distance(wanted, ascii_lower(candidate));
        // When as many letters differ as the candidate has, the two have nothing in common.
        if (distance < best && distance < candidate.size()) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
    const std::string near = nearest(name, candidates);
    return near.empty() ? std::string{} : " (did you mean " + in_quotes(near) + "?)";
}

}  // namespace baseload
