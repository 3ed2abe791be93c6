#include "baseload/source/csv/dialect.hpp"

#include "baseload/core/text.hpp"
#include "baseload/source/cell_content.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

namespace baseload {
namespace {

// The order decides nothing: of two that fit equally neither is taken.
constexpr std::array<char, 4> candidates = {';', ',', '\t', '|'};
// Records and lines that are judged at most; a table shows itself sooner.
constexpr std::size_t max_records = 200;
constexpr std::size_t max_above_header = 20;

struct sampled_record {
    std::size_t cells = 1;
    std::size_t filled = 0;        // of these, with a text
    bool is_first_filled = false;  // the first cell is one of them
    std::uint32_t line = 1;
    bool is_comment = false;
};

struct sampled {
    std::vector<sampled_record> records;
    std::size_t quoted_cells = 0;
    bool has_stray_quotes = false;  // text follows a closing quote
};

// The same text with a letter in the place of each escaped character: as long, and of as many lines, but for those that
// end in an escape.
std::string without_escapes(std::string_view text, char escape) {
    std::string plain(text);
    for (std::size_t at = 0; escape != '\0' && at + 1 < plain.size(); ++at) {
        if (plain[at] == escape) {
            plain[at] = plain[at + 1] = 'x';
            ++at;
        }
    }
    return plain;
}

// Backslashes that can only be escapes: one before a quote behind which its cell goes on, or \N alone in a cell, which
// is how databases write NULL.
bool has_escapes(std::string_view sample, char delimiter, char quote) {
    const auto ends_cell = [&](std::size_t at) {
        return at >= sample.size() || sample[at] == delimiter || sample[at] == '\n' || sample[at] == '\r';
    };
    for (std::size_t at = sample.find('\\'); at != std::string_view::npos && at + 1 < sample.size();
         at = sample.find('\\', at + 1)) {
        const bool begins_cell = at == 0 || sample[at - 1] == delimiter || sample[at - 1] == '\n';
        const char next = sample[at + 1];
        if ((next == quote && quote != '\0' && !ends_cell(at + 2) && sample[at + 2] != quote) ||
            (next == 'N' && begins_cell && ends_cell(at + 2))) {
            return true;
        }
    }
    return false;
}

// The records of the sample, were it written so. The last one is left out when the sample
// may have cut it off. A quote of '\0' never occurs: there is none in a text.
sampled split_sample(std::string_view text, char delimiter, char quote, char escape = '\0') {
    // What an escape takes the meaning from is any letter of its cell.
    const std::string sample = without_escapes(text, escape);
    sampled all;
    sampled_record current;
    std::uint32_t line = 1;
    bool in_quotes = false;
    bool at_start = true;      // of a cell
    bool just_closed = false;  // the last character was a closing quote, or half of a doubled one
    bool blank = true;         // the line so far
    bool is_filled = false;    // the cell so far
    const auto end_cell = [&] {
        current.filled += is_filled ? 1 : 0;
        current.is_first_filled = current.is_first_filled || (is_filled && current.cells == 1);
        is_filled = false;
    };
    for (const char c : sample) {
        line += c == '\n' ? 1 : 0;
        is_filled = is_filled || (c != quote && c != ' ' && c != '\r' && c != '\n' && (in_quotes || c != delimiter));
        if (in_quotes) {
            just_closed = c == quote;
            in_quotes = !just_closed;
        } else if (c == quote && (at_start || just_closed)) {
            all.quoted_cells += at_start ? 1 : 0;
            // The first character alone decides whether the cell is quoted, as in csv_reader.
            in_quotes = true;
            at_start = just_closed = blank = false;
        } else if (c == '\n') {
            end_cell();
            if (!blank) {
                all.records.push_back(current);
            }
            // Not at the end of the sample: there the last record may be cut, and its cells are not all there.
            if (all.records.size() == max_records) {
                return all;
            }
            current = {.cells = 1, .line = line, .is_comment = false};
            at_start = blank = true;
            just_closed = false;
        } else {
            if (c == delimiter) {
                end_cell();
            }
            // A line that begins with #, after white space and delimiters at most.
            current.is_comment = current.is_comment || (blank && c == '#');
            current.cells += c == delimiter ? 1 : 0;
            // CR is left to the line end.
            all.has_stray_quotes = all.has_stray_quotes || (just_closed && c != delimiter && c != '\r');
            at_start = c == delimiter;
            just_closed = false;
            blank = blank && (c == '\r' || c == ' ' || c == delimiter);
        }
    }
    // A file of one line without a line break: it is cut off nowhere.
    if (!blank && all.records.empty()) {
        end_cell();
        all.records.push_back(current);
    }
    return all;
}

struct fit {
    double share = 0;       // of the records that have the commonest number of cells
    std::size_t cells = 0;  // that number
    char delimiter = 0;
    char quote = 0;
    char escape = '\0';
    std::uint32_t skipped_lines = 0;
};

// A title that a spreadsheet has padded with delimiters as wide as the table: "Lista klientów;;;". In two columns it
// may as well be a header whose second name is missing.
bool is_padded_title(const sampled_record& r) {
    return r.cells >= 3 && r.filled == 1 && r.is_first_filled;
}

// How many of the first records stand above the header: comments, single cells, and titles.
std::size_t above_header(const std::vector<sampled_record>& records, std::size_t cells) {
    const auto stands_above = [&](const sampled_record& r) {
        return is_padded_title(r) || (r.cells != cells && (r.cells == 1 || r.is_comment));
    };
    const auto end = records.begin() + static_cast<std::ptrdiff_t>(std::min(records.size(), max_above_header));
    const auto header = std::find_if_not(records.begin(), end, stands_above);
    // Where all look like titles, none is one: a table whose rows have a single value.
    const bool is_table = header == end && std::any_of(records.begin(), end, is_padded_title);
    return is_table ? 0 : static_cast<std::size_t>(header - records.begin());
}

fit fit_of(const sampled& sample, char delimiter, char quote, bool may_skip) {
    const auto& records = sample.records;
    std::map<std::size_t, std::size_t> histogram;
    for (const sampled_record& r : records) {
        ++histogram[r.cells];
    }
    fit best{.delimiter = delimiter, .quote = quote};
    std::size_t most = 0;
    for (const auto& [cells, count] : histogram) {
        // Of two numbers of cells that are as common, the larger one: more cells are split by chance less often.
        if (cells >= 2 && count >= most) {
            most = count;
            best.cells = cells;
        }
    }
    const std::size_t above = may_skip && best.cells > 0 ? above_header(records, best.cells) : 0;
    // A header that differs from its rows speaks against the delimiter, and so does a banner
    // that more than one row should follow.
    const bool header_agrees = above < records.size() && records[above].cells == best.cells;
    const std::size_t below = records.size() - above;
    best.share = below == 0 ? 0 : static_cast<double>(most) / static_cast<double>(below);
    if (header_agrees && above > 0) {
        best.skipped_lines = records[above].line - 1;
    }
    // Half: a doubtful header is worse than a clear one, and still better than another delimiter that splits little.
    if (!header_agrees || (above > 0 && below < 2)) {
        best.share /= 2;
    }
    return best;
}

// The quotes that the sample is written with, under this delimiter.
char quote_of(std::string_view sample, char delimiter) {
    // Single quotes stand in names too (O'Brien), so they have to surround about every record's cells.
    if (split_sample(sample, delimiter, '"').quoted_cells > 0) {
        return '"';
    }
    const sampled single = split_sample(sample, delimiter, '\'');
    const bool whole_cells = single.quoted_cells >= single.records.size() && !single.has_stray_quotes;
    return single.quoted_cells > 0 && whole_cells ? '\'' : '"';
}

std::string_view without_first_lines(std::string_view text, std::uint32_t count) {
    for (; count > 0 && !text.empty(); --count) {
        const std::size_t end = text.find('\n');
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return text;
}

// Whether the first record has a cell that no header has.
bool begins_with_data(std::string_view sample, const dialect& format) {
    while (sample.starts_with('\n') || sample.starts_with('\r')) {
        sample.remove_prefix(1);
    }
    const std::string_view line = sample.substr(0, sample.find_first_of("\r\n"));
    // Split without regard to quotes: a delimiter inside them only makes two cells of one, of which each is judged.
    for (std::size_t at = 0; at <= line.size();) {
        const std::size_t end = std::min(line.find(format.delimiter, at), line.size());
        std::string_view cell = trimmed(line.substr(at, end - at));
        if (cell.size() >= 2 && cell.front() == format.quote && cell.back() == format.quote) {
            cell = trimmed(cell.substr(1, cell.size() - 2));
        }
        if (looks_like_data(cell)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

struct separator {
    char delimiter = 0;
    std::uint32_t lines = 0;  // it, and what stands above it
};

// Excel's own word on the delimiter, in a line above the header: `sep=;`. Only comments and blank lines stand above it.
std::optional<separator> separator_line(std::string_view text) {
    for (std::uint32_t lines = 1; lines <= max_above_header && !text.empty(); ++lines) {
        std::string_view line = trimmed(text.substr(0, text.find('\n')));
        text = without_first_lines(text, 1);
        if (line.size() >= 2 && line.front() == '"' && line.back() == '"') {
            line = line.substr(1, line.size() - 2);
        }
        // A tab at the end is trimmed away.
        if (ascii_lower(line.substr(0, 4)) == "sep=" && line.size() <= 5) {
            return separator{line.size() == 5 ? line[4] : '\t', lines};
        }
        if (!line.empty() && !line.starts_with('#')) {
            break;
        }
    }
    return std::nullopt;
}

}  // namespace

sniffed sniff_dialect(std::string_view sample, const dialect_options& options) {
    dialect chosen{.relaxed = options.relaxed, .pad = options.pad, .column_names = options.header.column_names};
    std::optional<char> delimiter = options.delimiter;
    // Given lines are skipped as they are, and no more is looked for above the header.
    if (options.header.skipped_lines) {
        chosen.skipped_lines = *options.header.skipped_lines;
    } else if (const auto found = separator_line(sample)) {
        chosen.skipped_lines = found->lines;
        delimiter = delimiter ? delimiter : found->delimiter;
    }
    const std::string_view whole = sample;
    sample = without_first_lines(sample, chosen.skipped_lines);
    std::vector<fit> fits;
    for (const char candidate :
         delimiter ? std::vector<char>{*delimiter} : std::vector<char>(candidates.begin(), candidates.end())) {
        const char quote = options.quote ? *options.quote : quote_of(sample, candidate);
        const char escape = options.escape ? *options.escape : has_escapes(sample, candidate, quote) ? '\\' : '\0';
        fit f = fit_of(split_sample(sample, candidate, quote, escape), candidate, quote, !options.header.skipped_lines);
        f.escape = escape;
        // One cell a record is what every delimiter makes that is not there.
        if (f.cells >= 2) {
            fits.push_back(f);
        }
    }
    // One column. Without a delimiter none can be wrong; the job's own is kept for the rejects file.
    if (fits.empty()) {
        chosen.delimiter = delimiter.value_or(chosen.delimiter);
        chosen.quote = options.quote.value_or(chosen.quote);
        chosen.escape = options.escape.value_or(chosen.escape);
        chosen.has_header = options.header.has_header.value_or(!begins_with_data(sample, chosen));
        return {.found = chosen, .equally_good = {}};
    }
    // Then the fit that skips nothing, and then the one with more cells.
    const auto rank = [](const fit& f) { return std::tuple(f.share, f.skipped_lines == 0, f.cells); };
    const fit best =
        *std::max_element(fits.begin(), fits.end(), [&](const fit& a, const fit& b) { return rank(a) < rank(b); });
    sniffed result;
    for (const fit& f : fits) {
        if (rank(f) == rank(best)) {
            result.equally_good.push_back(f.delimiter);
        }
    }
    if (result.equally_good.size() == 1) {
        chosen.delimiter = best.delimiter;
        chosen.quote = best.quote;
        chosen.escape = best.escape;
        chosen.skipped_lines += best.skipped_lines;
        // Judged from the top again: best.skipped_lines counts behind what was skipped before.
        chosen.has_header = options.header.has_header.value_or(
            !begins_with_data(without_first_lines(whole, chosen.skipped_lines), chosen));
        result.found = chosen;
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
