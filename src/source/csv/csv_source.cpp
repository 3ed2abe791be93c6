#include "baseload/source/csv/csv_source.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"
#include "baseload/source/csv/encoding.hpp"
#include "source/byte_stream.hpp"
#include "source/csv/csv_reader.hpp"
#include "source/csv/decoded_stream.hpp"
#include "source/gzip_stream.hpp"
#include "source/header.hpp"
#include "source/zip_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// Enough for 200 records (dialect.cpp) of a kilobyte each, and read at once.
constexpr std::size_t sample_size = std::size_t{256} * 1024;

// The first line of a file that `run --rejects` wrote (rejection_columns), whatever the job
// says of its own source.
// So a corrected rejects file loads with the job of the source that it came from, whose options are about another file.
std::optional<char> rejects_delimiter(std::string_view sample) {
    const std::string_view line = trimmed(sample.substr(0, sample.find('\n')));
    for (const char delimiter : {';', ',', '\t', '|'}) {
        std::string_view rest = line;
        const bool ends_with_reasons =
            std::all_of(rejection_columns.rbegin(), rejection_columns.rend(), [&](std::string_view reason) {
                const std::size_t before = rest.rfind(delimiter);
                const bool is_it = before != std::string_view::npos && is_reason(rest.substr(before + 1), reason);
                rest = is_it ? rest.substr(0, before) : std::string_view{};
                return is_it;
            });
        if (ends_with_reasons) {
            return delimiter;
        }
    }
    return std::nullopt;
}

// Fewer bytes than `count` mean the end.
std::string read_head(byte_stream& stream, std::size_t count) {
    std::string head(count, '\0');
    head.resize(stream.read(head.data(), head.size()));
    return head;
}

// The first bytes of a stream, as if it ended there.
class beginning final : public byte_stream {
public:
    beginning(std::unique_ptr<byte_stream> whole, std::size_t count) : whole_(std::move(whole)), left_(count) {}

    [[nodiscard]] std::size_t read(char* into, std::size_t count) override {
        const std::size_t got = whole_->read(into, std::min(count, left_));
        left_ -= got;
        return got;
    }

private:
    std::unique_ptr<byte_stream> whole_;
    std::size_t left_;
};

bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// The text from the first byte on that is not ASCII, so far that it can be judged; "" when
// there is none.
// A file may be ASCII for megabytes before the first letter that tells; what is before it says nothing.
std::string beyond_ascii(byte_stream& stream) {
    for (;;) {
        std::string part = read_head(stream, sample_size);
        const auto at = std::find_if_not(part.begin(), part.end(), is_ascii);
        if (at != part.end()) {
            // With the word that it stands in, for messages.
            constexpr std::ptrdiff_t longest_word = 64;
            part.erase(part.begin(), at - std::min(longest_word, at - part.begin()));
            return part + read_head(stream, sample_size);
        }
        if (part.size() < sample_size) {
            return {};
        }
    }
}

}  // namespace

// In this order: each step reads the file as the ones before it have found it to be.
csv_source::csv_source(input_file file, const dialect_options& options) : file_(std::move(file)) {
    find_packing();
    find_encoding(options);
    // A head alone: a dialect is judged by the first records, and a file may be larger than the memory.
    std::string sample = read_head(*text(), sample_size);
    if (sample.starts_with("\xEF\xBB\xBF")) {
        sample.erase(0, 3);
    }
    // Commas alone are as empty as semicolons; they fit no delimiter that a table could be told by.
    const bool has_text = std::any_of(sample.begin(), sample.end(), [](char c) {
        return std::string_view(";,\t|\" \r\n").find(c) == std::string_view::npos;
    });
    if (sample.empty() || (!has_text && sample.size() < sample_size)) {
        refuse_empty_source(file_.name());
    }
    // Old Macs. Where there is a single LF, a CR is part of a line end or of a cell.
    const bool cr_alone = sample.find('\n') == std::string::npos && sample.find('\r') != std::string::npos;
    if (cr_alone) {
        std::replace(sample.begin(), sample.end(), '\r', '\n');
    }
    find_dialect(sample, options);
    dialect_.cr_line_ends = cr_alone;
}

void csv_source::find_packing() {
    // Four bytes tell both: gzip's two (RFC 1952, 2.3.1) and those of a zip file's first entry.
    std::string head(std::min<std::uint64_t>(4, file_.size()), '\0');
    head.resize(file_.read_at(0, head.data(), head.size()));
    if (head.starts_with("\x1F\x8B")) {
        packing_ = packing::gzip;
    } else if (head.starts_with("PK\x03\x04")) {
        packing_ = packing::zip;
        std::vector<std::string> members = zip_archive(file_).names();
        // What macOS adds beside each file.
        std::erase_if(members, [](const std::string& name) { return name.starts_with("__MACOSX/"); });
        if (members.size() != 1) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: is a zip file with {}; one that holds a single CSV file is "
                                            "expected. Unpack it, and name the file that is meant",
                                            file_.name(), counted(members.size(), "file")));
        }
        member_ = members.front();
    }
}

std::unique_ptr<byte_stream> csv_source::bytes() const {
    // Each pass unpacks anew: memory and disk hold no copy.
    if (packing_ == packing::zip) {
        return zip_archive(file_).open(member_);
    }
    auto plain = std::make_unique<file_stream>(file_);
    if (packing_ == packing::gzip) {
        return std::make_unique<gzip_stream>(std::move(plain), file_.name());
    }
    return plain;
}

// In UTF-8.
// What comes out of it is checked by guarded_bytes all the same.
std::unique_ptr<byte_stream> csv_source::text() const {
    if (dialect_.encoding == "UTF-8") {
        return bytes();
    }
    return std::make_unique<decoded_stream>(bytes(), dialect_.encoding, file_.name());
}

void csv_source::find_encoding(const dialect_options& options) {
    const auto choose = [&](encoding_choice choice) {
        dialect_.encoding = std::move(choice.name);
        dialect_.encoding_reason = std::move(choice.reason);
    };
    // Of the bytes as they stand: the encoding is what is looked for.
    const std::string head = read_head(*bytes(), sample_size);
    const auto by_head = encoding_by_head(head);
    const bool says_little = options.encoding && folded(*options.encoding) == "utf-16";  // not which byte comes first
    // A byte order mark is believed even against the job, since it stands in the file itself. It is told from the other
    // reason by its words: reasons with "mark" in them come from encoding_by_head alone.
    if (by_head && (!options.encoding || says_little || by_head->reason.find("mark") != std::string::npos)) {
        choose(*by_head);
        return;
    }
    // Rejects files are UTF-8, whatever the job says of its source.
    if (options.encoding && !rejects_delimiter(head)) {
        const auto known = known_encoding(*options.encoding);
        if (!known) {
            throw command_error(exit_code::usage,
                                fmt::format("[source] encoding = {} is no encoding that is known here; expected "
                                            "is a name such as \"UTF-8\", \"windows-1250\" or \"ISO-8859-2\"",
                                            in_quotes(*options.encoding)));
        }
        refuse_if_utf8(*known);
        choose({*known, "the job says so"});
        return;
    }
    const auto stream = bytes();
    const std::string telling = beyond_ascii(*stream);
    if (telling.empty() || evidence_of_utf8(telling).is_mostly_utf8()) {
        choose({"UTF-8", telling.empty() ? "every byte is ASCII" : "its bytes are characters of UTF-8"});
        return;
    }
    // After UTF-16 was ruled out: no other encoding that is looked for here writes NULs.
    if (head.find('\0') != std::string::npos) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: is no text (it has NUL bytes); a CSV file with a header line is "
                                        "expected",
                                        file_.name()));
    }
    // The whole file, in a second pass: letters that tell two encodings apart may be rare.
    byte_statistics statistics;
    const auto again = bytes();
    for (std::string part = read_head(*again, sample_size); !part.empty(); part = read_head(*again, sample_size)) {
        statistics.add(part);
    }
    const encoding_choice found = encoding_by_letters(statistics);
    refuse_if_guessed(found, telling);
    choose(found);
}

// The job fixes another encoding, and the export was changed since: its letters would arrive as two signs each.
void csv_source::refuse_if_utf8(const std::string& encoding) const {
    if (folded(encoding).starts_with("utf")) {
        return;
    }
    const auto stream = bytes();
    const std::string telling = beyond_ascii(*stream);
    if (evidence_of_utf8(telling).is_surely_utf8()) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: the job says [source] encoding = {}, and the file is UTF-8 throughout; take "
                        "the option out of the job, or export the file as before. Nothing was sent",
                        file_.name(), in_quotes(encoding)));
    }
    // By chance hardly any letters of another encoding are characters of UTF-8.
    const utf8_evidence found = evidence_of_utf8(telling);
    if (found.characters > 4 * (found.broken + found.odd)) {
        throw command_error(
            exit_code::usage,
            fmt::format(
                "{}: the job says [source] encoding = {}, and the file is UTF-8 but for some of its letters: two "
                "files were put together, it seems. Save those lines as UTF-8, and take the option out of the "
                "job. Nothing was sent",
                file_.name(), in_quotes(encoding)));
    }
}

// No guess is sent: the wrong one makes other names of people.
void csv_source::refuse_if_guessed(const encoding_choice& found, std::string_view telling) const {
    for (const std::string& rival : found.rivals) {
        if (const auto words = differing_word(telling, found.name, rival)) {
            throw command_error(
                exit_code::usage,
                fmt::format("{}: is not UTF-8, and may be {} ({}) or {} ({}): say which, [source] encoding = \"{}\" in "
                            "the job, or --encoding for init and preview",
                            file_.name(), found.name, in_quotes(words->first), rival, in_quotes(words->second),
                            found.name));
        }
    }
}

void csv_source::find_dialect(std::string_view sample, dialect_options options) {
    // What the rejects file is not written with is reset: relaxed and pad keep their defaults as well.
    if (const auto delimiter = rejects_delimiter(sample)) {
        options = {
            .delimiter = delimiter, .quote = '"', .escape = '\0', .header = {.skipped_lines = 0, .has_header = true}};
    }
    sniffed result = sniff_dialect(sample, options);
    if (!result.found) {
        std::vector<std::string> names;
        std::transform(result.equally_good.begin(), result.equally_good.end(), std::back_inserter(names),
                       delimiter_name);
        throw command_error(
            exit_code::usage,
            fmt::format("{}: {} fit equally well as its delimiter; say which it is: [source] delimiter = \"{}\"",
                        file_.name(), listed(names), result.equally_good.front()));
    }
    // sniff_dialect makes a dialect of its own, which knows no encoding.
    result.found->encoding = std::move(dialect_.encoding);
    result.found->encoding_reason = std::move(dialect_.encoding_reason);
    dialect_ = std::move(*result.found);
}

// Two readers of one source share nothing but the open file.
std::unique_ptr<record_reader> csv_source::read() const {
    return std::make_unique<csv_reader>(text(), file_.name(), dialect_);
}

// A reader of the whole file has read megabytes ahead before it is asked for anything.
column_names csv_source::columns() const {
    try {
        csv_reader head(std::make_unique<beginning>(text(), sample_size), file_.name(), dialect_);
        // The head may end in the midst of a record; one that another follows is whole.
        record row;
        const bool names_it = head.next(row);
        if (names_it && (dialect_.has_header || head.next(row))) {
            return head.columns();
        }
    } catch (const command_error&) {
        // What is wrong with the file itself, and not with its being cut, the whole file shows as well.
    }
    return read()->columns();
}

source_description csv_source::describe() const {
    const dialect& d = dialect_;
    source_description said{.kind = "CSV", .traits = {}, .rejects_delimiter = d.delimiter, .notices = {}};
    if (packing_ == packing::gzip) {
        said.kind += ", packed by gzip";
    } else if (packing_ == packing::zip) {
        said.kind += fmt::format(", {} in a zip file", member_);
    }
    // `init` and `preview` offer each of these as an option of [source], if it is one word (src/README.md, "A source
    // format").
    said.traits = {
        {"encoding", d.encoding, d.encoding_reason},
        {"delimiter", fmt::format("\"{}\"", d.delimiter == '\t' ? "tab" : std::string(1, d.delimiter))},
        {"quote", d.quote == '\0' ? "none" : std::string(1, d.quote), d.relaxed ? "relaxed" : ""},
    };
    if (d.escape != '\0') {
        said.traits.push_back(
            {"escape", fmt::format("\"{}{}\"", d.escape, d.escape), "as MySQL and PostgreSQL export"});
    }
    if (d.cr_line_ends) {
        said.traits.push_back({"line ends", "CR"});
    }
    said.traits.push_back(
        {"skip_lines", std::to_string(d.skipped_lines), d.skipped_lines > 0 ? "above the header" : ""});
    said.traits.push_back({"header", d.has_header ? "true" : "false",
                           d.has_header ? "" : "the first record has a customer's data; its columns are numbered"});
    if (d.encoding != "UTF-8") {
        said.notices.push_back(fmt::format("is read as {} ({})", d.encoding, d.encoding_reason));
    }
    if (d.skipped_lines > 0) {
        said.notices.push_back(fmt::format("{} above the header {} passed over", counted(d.skipped_lines, "line"),
                                           d.skipped_lines == 1 ? "is" : "are"));
    }
    if (!d.has_header && d.column_names.empty()) {
        said.notices.push_back(
            "has no header that looks like one; its columns are called 1, 2, 3, … ([source] header)");
    }
    return said;
}

}  // namespace baseload
