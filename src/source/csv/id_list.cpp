#include "baseload/source/csv/id_list.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/spreadsheet_text.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <libfccp/csv.h>
#include <simdjson.h>

#include <charconv>
#include <cstring>
#include <fstream>
#include <map>
#include <utility>

namespace baseload {
namespace {

// The library's own reader is enough here: a list of ids has no line breaks in its cells.
template <char Separator>
using pair_reader = io::CSVReader<2, io::trim_chars<' ', '\t'>, io::double_quote_escape<Separator, '"'>>;

[[noreturn]] void refuse(const std::filesystem::path& path, std::uint64_t line, const std::string& problem) {
    throw command_error(exit_code::usage, fmt::format("{}, line {}: {}", path.string(), line, problem));
}

// from_chars takes digits alone: no sign, no space, no exponent that a spreadsheet has made of a number.
std::int64_t parse_id(const std::filesystem::path& path, std::uint64_t line, const std::string& text) {
    std::int64_t id = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (error != std::errc{} || rest != text.data() + text.size() || id <= 0) {
        refuse(path, line, fmt::format("{} is no client's number; write it in digits alone", in_quotes(text)));
    }
    return id;
}

// In the list alone; whether the journal knows a key or an id otherwise is checked by link_by_list.
void refuse_repeats(const std::filesystem::path& path, const std::vector<known_id>& list) {
    std::map<std::string, std::uint64_t> keys;
    std::map<std::int64_t, std::uint64_t> ids;
    for (const known_id& pair : list) {
        if (const auto [at, is_new] = keys.emplace(pair.key, pair.line); !is_new) {
            refuse(
                path, pair.line,
                fmt::format("the key {} comes twice (line {}); keep one of the two", in_quotes(pair.key), at->second));
        }
        if (const auto [at, is_new] = ids.emplace(pair.crm_client_id, pair.line); !is_new) {
            refuse(path, pair.line,
                   fmt::format("the client {} comes twice (line {}); one client is one key's", pair.crm_client_id,
                               at->second));
        }
    }
}

template <char Separator>
std::vector<known_id> read_pairs(const std::filesystem::path& path) {
    pair_reader<Separator> reader(path.string());
    // Other columns may stand between and behind them, as `export` has them.
    reader.read_header(io::ignore_extra_column, "key", "crm_client_id");
    std::vector<known_id> list;
    std::string key;
    std::string id;
    while (reader.read_row(key, id)) {
        const std::uint64_t line = reader.get_file_line();
        // `export` lists keys without a client too.
        if (id.empty()) {
            continue;  // in doubt, or refused
        }
        if (!simdjson::validate_utf8(key)) {
            refuse(path, line, "the key is not UTF-8; save the list as UTF-8");
        }
        // The journal's form of a key; the apostrophe is what `export` puts before formulas.
        std::string name = normalised_key(from_text_cell(key));
        if (name.empty()) {
            refuse(path, line, "the key is blank");
        }
        list.push_back({line, std::move(name), parse_id(path, line, id)});
    }
    return list;
}

}  // namespace

std::vector<known_id> read_id_list(const std::filesystem::path& path) {
    std::string header;
    {
        std::ifstream in(path, std::ios::binary);
        std::getline(in, header);
        if (!in && header.empty()) {
            // A directory opens as well, and gives no line.
            throw command_error(exit_code::usage,
                                fmt::format("{} cannot be read, or is empty; it must be a CSV file with the "
                                            "columns key and crm_client_id",
                                            path.string()));
        }
    }
    // Excel saves CSV with semicolons where the comma is the decimal sign. A header holds no other semicolon.
    const bool semicolons = header.find(';') != std::string::npos;
    std::vector<known_id> list;
    try {
        list = semicolons ? read_pairs<';'>(path) : read_pairs<','>(path);
    } catch (const io::error::base& error) {
        throw command_error(exit_code::usage,
                            fmt::format("{} cannot be read ({}); it must be a CSV file with the columns key "
                                        "and crm_client_id, separated by commas or semicolons",
                                        path.string(), error.what()));
    }
    refuse_repeats(path, list);
    return list;
}

}  // namespace baseload
