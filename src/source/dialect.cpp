#include "baseload/source/dialect.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace baseload {
namespace {

constexpr std::array<char, 4> candidates = {';', ',', '\t', '|'};
constexpr std::size_t most_records = 200;

// The number of cells of each record in the sample, were it delimited so. The last
// record is left out when the sample may have cut it off.
std::vector<std::size_t> cell_counts(std::string_view sample, char delimiter) {
    std::vector<std::size_t> counts;
    std::size_t cells = 1;
    bool in_quotes = false;
    bool at_start = true;      // of a cell
    bool just_closed = false;  // the last character was a closing quote, or half of a doubled one
    bool blank = true;         // the line so far
    for (const char c : sample) {
        if (in_quotes) {
            just_closed = c == '"';
            in_quotes = !just_closed;
        } else if (c == '"' && (at_start || just_closed)) {
            in_quotes = true;
            at_start = just_closed = blank = false;
        } else if (c == '\n') {
            if (!blank) {
                counts.push_back(cells);
            }
            if (counts.size() == most_records) {
                return counts;
            }
            cells = 1;
            at_start = blank = true;
            just_closed = false;
        } else {
            cells += c == delimiter ? 1 : 0;
            at_start = c == delimiter;
            just_closed = false;
            blank = blank && c == '\r';
        }
    }
    if (!blank && counts.empty()) {
        counts.push_back(cells);
    }
    return counts;
}

struct fit {
    double share = 0;       // of the records that have the commonest number of cells
    std::size_t cells = 0;  // that number
    char delimiter = 0;
};

fit fit_of(std::string_view sample, char delimiter) {
    const auto counts = cell_counts(sample, delimiter);
    std::map<std::size_t, std::size_t> histogram;
    for (const std::size_t count : counts) {
        ++histogram[count];
    }
    fit best{.delimiter = delimiter};
    std::size_t most = 0;
    for (const auto& [cells, records] : histogram) {
        if (cells >= 2 && records >= most) {
            most = records;
            best.cells = cells;
        }
    }
    // A header that differs from its rows speaks against the delimiter.
    const bool header_agrees = !counts.empty() && counts.front() == best.cells;
    best.share = counts.empty() ? 0 : static_cast<double>(most) / static_cast<double>(counts.size());
    if (!header_agrees) {
        best.share /= 2;
    }
    return best;
}

}  // namespace

sniffed sniff_dialect(std::string_view sample) {
    std::vector<fit> fits;
    for (const char delimiter : candidates) {
        const fit f = fit_of(sample, delimiter);
        if (f.cells >= 2) {
            fits.push_back(f);
        }
    }
    if (fits.empty()) {
        return {.found = dialect{}, .equally_good = {}};
    }
    const auto rank = [](const fit& f) { return std::tuple(f.share, f.cells); };
    const fit best =
        *std::max_element(fits.begin(), fits.end(), [&](const fit& a, const fit& b) { return rank(a) < rank(b); });
    sniffed result;
    for (const fit& f : fits) {
        if (rank(f) == rank(best)) {
            result.equally_good.push_back(f.delimiter);
        }
    }
    if (result.equally_good.size() == 1) {
        result.found = dialect{best.delimiter};
        result.equally_good.clear();
    }
    return result;
}

std::string delimiter_name(char delimiter) {
    switch (delimiter) {
    case ';': return "semicolon";
    case ',': return "comma";
    case '\t': return "tab";
    default: return "vertical bar";
    }
}

}  // namespace baseload
