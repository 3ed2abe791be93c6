// Records in which a character takes the meaning from the one behind it, as databases export them.
#include "source/csv/csv_reader.hpp"

#include <cstddef>
#include <string_view>

namespace baseload {

// As leaves_open() says it, where a character behind an escape means nothing; a line break behind one belongs to its
// cell.
bool csv_reader::leaves_open_with_escapes(std::string_view line, bool open) {
    bool at_start = !open;
    ends_in_escape_ = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == format_.escape) {
            ends_in_escape_ = at + 1 == line.size();
            at_start = false;
            ++at;
        } else if (open) {
            open = line[at] != format_.quote;
        } else {
            open = at_start && line[at] == format_.quote && format_.quote != '\0';
            at_start = line[at] == format_.delimiter;
        }
    }
    return open;
}

// As MySQL's LOAD DATA and PostgreSQL's COPY read them. \0 and \Z are dropped: no text has such characters.
void csv_reader::append_unescaped(char escaped) {
    switch (escaped) {
    case 'n': unquoted_ += '\n'; break;
    case 't': unquoted_ += '\t'; break;
    case 'r':
    case '0':
    case 'Z': break;
    default: unquoted_ += escaped;
    }
}

// Quotes and escapes undone, cell by cell. A cell of \N alone is NULL, which is blank here.
void csv_reader::split_escaped(record& into) {
    unquoted_.clear();
    unquoted_.reserve(assembled_.size());  // the cells' views must not move
    std::size_t cell_begin = 0;
    std::size_t cell_start = 0;  // in assembled_
    bool in_quotes = false;
    const auto end_cell = [&](std::size_t at) {
        const std::string_view written = std::string_view(assembled_).substr(cell_start, at - cell_start);
        if (written.size() == 2 && written[0] == format_.escape && written[1] == 'N') {
            unquoted_.resize(cell_begin);
        }
        into.cells.emplace_back(std::string_view(unquoted_).substr(cell_begin));
        cell_begin = unquoted_.size();
        cell_start = at + 1;
    };
    for (std::size_t at = 0; at < assembled_.size(); ++at) {
        const char c = assembled_[at];
        if (c == format_.escape && at + 1 < assembled_.size()) {
            append_unescaped(assembled_[++at]);
        } else if (in_quotes) {
            const bool is_doubled = c == format_.quote && at + 1 < assembled_.size() && assembled_[at + 1] == c;
            in_quotes = c != format_.quote || is_doubled;
            if (in_quotes) {
                unquoted_ += c;
            }
            at += is_doubled ? 1 : 0;
        } else if (c == format_.delimiter) {
            end_cell(at);
        } else if (c == format_.quote && c != '\0' && at == cell_start) {
            in_quotes = true;
        } else {
            unquoted_ += c;
        }
    }
    end_cell(assembled_.size());
}

}  // namespace baseload
