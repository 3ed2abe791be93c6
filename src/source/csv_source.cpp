#include "baseload/source/csv_source.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "csv_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace baseload {
namespace {

constexpr std::size_t sample_size = std::size_t{256} * 1024;

// What a file that is no text gives away in its first bytes.
struct signature {
    std::string_view bytes;
    std::string_view kind;
};
constexpr std::array<signature, 7> signatures = {{
    {"PK\x03\x04", "a zip file or an Excel workbook (.xlsx)"},
    {"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)"},
    {"\x1F\x8B", "a gzip file"},
    {"%PDF", "a PDF"},
    {"\xFF\xFE", "text in UTF-16"},
    {"\xFE\xFF", "text in UTF-16"},
    {"SQLite format 3", "an SQLite database"},
}};

void refuse_foreign_formats(std::string_view sample, const std::string& name) {
    for (const auto& [bytes, kind] : signatures) {
        if (sample.starts_with(bytes)) {
            throw stop(exit_code::usage,
                       fmt::format("{}: is {}, not CSV; save it as CSV in UTF-8 and try again", name, kind));
        }
    }
    const bool only_cr = sample.find('\n') == std::string_view::npos && sample.find('\r') != std::string_view::npos &&
                         sample.find('\r') + 1 < sample.size();
    if (only_cr) {
        throw stop(exit_code::usage, fmt::format("{}: ends its lines with CR alone, as old Macs did; save it with LF "
                                                 "or CRLF (tr '\\r' '\\n')",
                                                 name));
    }
}

dialect choose_dialect(std::string_view sample, const std::string& name) {
    const sniffed result = sniff_dialect(sample);
    if (result.found) {
        return *result.found;
    }
    std::vector<std::string> names;
    std::transform(result.equally_good.begin(), result.equally_good.end(), std::back_inserter(names), delimiter_name);
    throw stop(exit_code::usage,
               fmt::format("{}: {} fit equally well as its delimiter; say which it is: [source] delimiter = \"{}\"",
                           name, listed(names), result.equally_good.front()));
}

}  // namespace

csv_source::csv_source(const std::filesystem::path& path, std::optional<char> delimiter) : file_(path) {
    std::string sample(std::min<std::uint64_t>(sample_size, file_.size()), '\0');
    sample.resize(file_.read_at(0, sample.data(), sample.size()));
    if (sample.empty()) {
        throw stop(exit_code::usage, fmt::format("{}: is empty; a header line with the columns' names and a line a "
                                                 "customer are expected",
                                                 file_.name()));
    }
    refuse_foreign_formats(sample, file_.name());
    if (delimiter) {
        dialect_.delimiter = *delimiter;
        return;
    }
    std::string_view text = sample;
    if (text.starts_with("\xEF\xBB\xBF")) {
        text.remove_prefix(3);
    }
    dialect_ = choose_dialect(text, file_.name());
}

std::unique_ptr<record_reader> csv_source::read() const {
    return std::make_unique<csv_reader>(file_, dialect_);
}

}  // namespace baseload
