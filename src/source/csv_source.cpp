#include "baseload/source/csv_source.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "baseload/source/encoding.hpp"
#include "byte_stream.hpp"
#include "csv_reader.hpp"
#include "decoded_stream.hpp"
#include "gzip_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace baseload {
namespace {

constexpr std::size_t sample_size = std::size_t{256} * 1024;

// What a file that is no text gives away in its first bytes.
struct signature {
    std::string_view bytes;
    std::string_view kind;
};
constexpr std::array<signature, 4> signatures = {{
    {"PK\x03\x04", "a zip file or an Excel workbook (.xlsx)"},
    {"\xD0\xCF\x11\xE0", "an old Excel workbook (.xls)"},
    {"%PDF", "a PDF"},
    {"SQLite format 3", "an SQLite database"},
}};

void refuse_foreign_formats(std::string_view sample, const std::string& name) {
    for (const auto& [bytes, kind] : signatures) {
        if (sample.starts_with(bytes)) {
            throw stop(exit_code::usage, fmt::format("{}: is {}, not CSV; save it as CSV and try again", name, kind));
        }
    }
}

// The first line of a file that `run --rejects` wrote (rejection_columns), whatever the job
// says of its own source.
std::optional<char> rejects_delimiter(std::string_view sample) {
    const std::string_view line = trimmed(sample.substr(0, sample.find('\n')));
    for (const char delimiter : {';', ',', '\t', '|'}) {
        std::string ending;
        for (const std::string_view column : rejection_columns) {
            ending += delimiter;
            ending += column;
        }
        if (line.ends_with(ending)) {
            return delimiter;
        }
    }
    return std::nullopt;
}

std::string read_head(byte_stream& stream, std::size_t count) {
    std::string head(count, '\0');
    head.resize(stream.read(head.data(), head.size()));
    return head;
}

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// The text from the first byte on that is not ASCII, so far that it can be judged; "" when
// there is none.
std::string beyond_ascii(byte_stream& stream) {
    for (;;) {
        std::string part = read_head(stream, sample_size);
        const auto at = std::find_if_not(part.begin(), part.end(), is_ascii);
        if (at != part.end()) {
            part.erase(part.begin(), at);
            return part + read_head(stream, sample_size);
        }
        if (part.size() < sample_size) {
            return {};
        }
    }
}

}  // namespace

csv_source::csv_source(const std::filesystem::path& path, const dialect_wish& wish) : file_(path) {
    std::string head(std::min<std::uint64_t>(64, file_.size()), '\0');
    head.resize(file_.read_at(0, head.data(), head.size()));
    packed_ = head.starts_with("\x1F\x8B");
    if (!packed_) {
        refuse_foreign_formats(head, file_.name());
    }
    find_encoding(wish);
    std::string sample = read_head(*text(), sample_size);
    if (sample.starts_with("\xEF\xBB\xBF")) {
        sample.erase(0, 3);
    }
    if (sample.empty()) {
        throw stop(exit_code::usage, fmt::format("{}: is empty; a header line with the columns' names and a line a "
                                                 "customer are expected",
                                                 file_.name()));
    }
    const bool cr_alone = sample.find('\n') == std::string::npos && sample.find('\r') != std::string::npos;
    if (cr_alone) {
        std::replace(sample.begin(), sample.end(), '\r', '\n');
    }
    find_dialect(sample, wish);
    dialect_.cr_line_ends = cr_alone;
}

std::unique_ptr<byte_stream> csv_source::bytes() const {
    auto plain = std::make_unique<file_stream>(file_);
    if (!packed_) {
        return plain;
    }
    return std::make_unique<gzip_stream>(std::move(plain), file_.name());
}

// In UTF-8.
std::unique_ptr<byte_stream> csv_source::text() const {
    if (dialect_.encoding == "UTF-8") {
        return bytes();
    }
    return std::make_unique<decoded_stream>(bytes(), dialect_.encoding, file_.name());
}

void csv_source::find_encoding(const dialect_wish& wish) {
    const auto choose = [&](encoding_choice choice) {
        dialect_.encoding = std::move(choice.name);
        dialect_.encoding_reason = std::move(choice.reason);
    };
    const std::string head = read_head(*bytes(), sample_size);
    const auto by_head = encoding_by_head(head);
    if (by_head && (!wish.encoding || by_head->reason.find("mark") != std::string::npos)) {
        choose(*by_head);
        return;
    }
    if (wish.encoding && !rejects_delimiter(head)) {
        const auto known = known_encoding(*wish.encoding);
        if (!known) {
            throw stop(exit_code::usage,
                       fmt::format("[source] encoding = {} is no encoding that is known here; expected "
                                   "is a name such as \"UTF-8\", \"windows-1250\" or \"ISO-8859-2\"",
                                   in_quotes(*wish.encoding)));
        }
        choose({*known, "the job says so"});
        return;
    }
    const auto stream = bytes();
    const std::string telling = beyond_ascii(*stream);
    if (telling.empty() || is_mostly_utf8(telling)) {
        choose({"UTF-8", telling.empty() ? "every byte is ASCII" : "its bytes are characters of UTF-8"});
        return;
    }
    if (head.find('\0') != std::string::npos) {
        throw stop(exit_code::usage, fmt::format("{}: is no text (it has NUL bytes); a CSV file with a header line is "
                                                 "expected",
                                                 file_.name()));
    }
    byte_statistics statistics;
    const auto again = bytes();
    for (std::string part = read_head(*again, sample_size); !part.empty(); part = read_head(*again, sample_size)) {
        statistics.add(part);
    }
    choose(encoding_by_letters(statistics));
}

void csv_source::find_dialect(std::string_view sample, dialect_wish wish) {
    if (const auto delimiter = rejects_delimiter(sample)) {
        wish = {.delimiter = delimiter, .quote = '"', .skipped_lines = 0};
    }
    sniffed result = sniff_dialect(sample, wish);
    if (!result.found) {
        std::vector<std::string> names;
        std::transform(result.equally_good.begin(), result.equally_good.end(), std::back_inserter(names),
                       delimiter_name);
        throw stop(exit_code::usage,
                   fmt::format("{}: {} fit equally well as its delimiter; say which it is: [source] delimiter = \"{}\"",
                               file_.name(), listed(names), result.equally_good.front()));
    }
    result.found->encoding = std::move(dialect_.encoding);
    result.found->encoding_reason = std::move(dialect_.encoding_reason);
    dialect_ = std::move(*result.found);
}

std::unique_ptr<record_reader> csv_source::read() const {
    return std::make_unique<csv_reader>(text(), file_.name(), dialect_);
}

}  // namespace baseload
