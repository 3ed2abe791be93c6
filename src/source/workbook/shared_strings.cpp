#include "source/workbook/shared_strings.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"
#include "source/workbook/sheet_reader.hpp"
#include "source/workbook/xml_parser.hpp"

#include <fmt/format.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <cctype>
#include <cstdlib>

namespace baseload {
namespace {

// Below 4 GiB, so that ends_ can count in 32 bits.
constexpr std::size_t max_bytes = std::size_t{1} << 30U;
constexpr std::size_t texts_between_questions = 65'536;

// <si><t>…</t></si>, or <si> with runs <r>…<t>…</t></r>; <rPh> holds how it is pronounced.
class string_handler final : public xml_handler {
public:
    string_handler(std::string& texts, std::vector<std::uint32_t>& ends, const std::string& name)
        : texts_(texts), ends_(ends), name_(name) {}

    // <t> of a pronunciation is Japanese reading aid, and no part of the text.
    void begin(std::string_view element, const xml_attributes& /*attributes*/) override {
        if (element == "rPh") {
            phonetic_ = true;
        } else if (element == "t") {
            in_text_ = !phonetic_;
        }
    }

    void end(std::string_view element) override {
        if (element == "t") {
            in_text_ = false;
        } else if (element == "rPh") {
            phonetic_ = false;
        } else if (element == "si") {
            // A workbook may hold millions of texts, and Ctrl-C must not wait for the last.
            if (ends_.size() % texts_between_questions == 0) {
                throw_if_termination_requested();
            }
            // Escapes and CRs may be split over several runs of one text, so it is undone as a whole.
            unescape_text(texts_, begin_of_last());
            ends_.push_back(static_cast<std::uint32_t>(texts_.size()));
        }
    }

    void text(std::string_view piece) override {
        if (!in_text_) {
            return;
        }
        // What `ends_` takes counts too, though it is only looked at where a text has a character.
        if (texts_.size() + piece.size() + ends_.size() * sizeof(ends_[0]) > max_bytes) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: holds more than {} MiB of text; split the workbook, or save "
                                            "the sheet as CSV",
                                            name_, max_bytes >> 20U));
        }
        if (texts_.size() + piece.size() > begin_of_last() + max_cell) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: text number {} has more than {} bytes, and a cell holds less", name_,
                                            ends_.size(), grouped(max_cell)));
        }
        texts_ += piece;
    }

private:
    [[nodiscard]] std::size_t begin_of_last() const { return ends_.empty() ? 0 : ends_.back(); }

    std::string& texts_;
    std::vector<std::uint32_t>& ends_;
    const std::string& name_;
    bool in_text_ = false;
    bool phonetic_ = false;
};

// The code unit of `_xHHHH_` at `at`; -1 when there is none.
// `at` is where a _ stands. The length is fixed: four hexadecimal digits (22.9.2.19).
long escaped_unit(std::string_view text, std::size_t at) {
    const std::string_view escape = text.substr(at, 7);
    if (escape.size() < 7 || escape[1] != 'x' || escape[6] != '_') {
        return -1;
    }
    for (const char c : escape.substr(2, 4)) {
        if (std::isxdigit(static_cast<unsigned char>(c)) == 0) {
            return -1;
        }
    }
    return std::strtol(std::string(escape.substr(2, 4)).c_str(), nullptr, 16);
}

void append_unit(std::string& text, long unit) {
    char bytes[U8_MAX_LENGTH];
    int length = 0;
    UBool failed = false;
    U8_APPEND(bytes, length, U8_MAX_LENGTH, static_cast<UChar32>(unit), failed);
    text.append(failed ? "?" : std::string_view(bytes, static_cast<std::size_t>(length)));  // half of a pair is none
}

}  // namespace

shared_strings::shared_strings(std::unique_ptr<byte_stream> bytes, const std::string& name) {
    string_handler handler(texts_, ends_, name);
    xml_parser(std::move(bytes), name, handler).read_all();
    // They live as long as the workbook.
    texts_.shrink_to_fit();
    ends_.shrink_to_fit();
}

void unescape_text(std::string& text, std::size_t from) {
    const std::size_t first = text.find_first_of("_\r", from);
    if (first == std::string::npos) {
        return;
    }
    std::string plain;
    for (std::size_t i = first; i < text.size(); ++i) {
        // A part that reads _x005F_ stands for a plain _, and is undone by the same rule.
        const long unit = text[i] == '_' ? escaped_unit(text, i) : -1;
        // A character beyond the BMP is written as two units.
        const long low =
            unit >= 0 && U16_IS_LEAD(static_cast<UChar32>(unit)) && i + 7 < text.size() && text[i + 7] == '_'
                ? escaped_unit(text, i + 7)
                : -1;
        if (low >= 0 && U16_IS_TRAIL(static_cast<UChar32>(low))) {
            append_unit(plain, U16_GET_SUPPLEMENTARY(unit, low));
            i += 13;
        } else if (unit >= 0) {
            const bool is_control = unit < ' ' && unit != '\t' && unit != '\n' && unit != '\r';
            append_unit(plain, is_control ? ' ' : unit);  // which is no text
            i += 6;
        } else {
            plain += text[i];
        }
    }
    text.resize(first);
    // The second pass is over what the escapes have given: _x000D_ is a CR, too.
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const bool pair = plain[i] == '\r' && i + 1 < plain.size() && plain[i + 1] == '\n';
        if (!pair) {
            text += plain[i] == '\r' ? '\n' : plain[i];
        }
    }
}

}  // namespace baseload
