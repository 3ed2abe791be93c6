#include "source/csv/decoded_stream.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace baseload {
namespace {

constexpr std::size_t bytes_at_once = std::size_t{64} * 1024;

}  // namespace

decoded_stream::decoded_stream(std::unique_ptr<byte_stream> bytes, const std::string& encoding, std::string name)
    : bytes_(std::move(bytes)), encoding_(encoding), name_(std::move(name)), converter_(nullptr, ucnv_close),
      // A legacy encoding with a byte for each character has no use for U+0080 to U+009F: see refuse_controls(). wide_:
      // as many units as bytes, and some for a character that the piece before cut in two.
      has_controls_(encoding.starts_with("UTF")), packed_(bytes_at_once), wide_(bytes_at_once + 16) {
    UErrorCode status = U_ZERO_ERROR;
    converter_.reset(ucnv_open(encoding.c_str(), &status));
    if (U_SUCCESS(status)) {
        // ICU would otherwise put U+FFFD in the place of what it cannot decode, and send it.
        ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    }
    if (U_FAILURE(status)) {
        // A mistake of the caller's: known_encoding() is asked before.
        throw std::invalid_argument("no encoding " + encoding);
    }
}

// Fills all of `into`, as byte_stream promises: guarded_bytes takes fewer bytes for the end.
std::size_t decoded_stream::read(char* into, std::size_t count) {
    std::size_t filled = 0;
    while (filled < count) {
        if (taken_ == text_.size() && !decode_more()) {
            break;
        }
        const std::size_t part = std::min(count - filled, text_.size() - taken_);
        std::memcpy(into + filled, text_.data() + taken_, part);
        filled += part;
        taken_ += part;
    }
    return filled;
}

// Returns whether there is more text.
bool decoded_stream::decode_more() {
    text_.clear();
    taken_ = 0;
    while (text_.empty() && !ended_) {
        const std::size_t count = bytes_->read(packed_.data(), packed_.size());
        ended_ = count < packed_.size();
        const char* source = packed_.data();
        UChar* target = wide_.data();
        UErrorCode status = U_ZERO_ERROR;
        // The flush flag at the end makes a cut character an error and not silence.
        ucnv_toUnicode(converter_.get(), &target, wide_.data() + wide_.size(), &source, packed_.data() + count, nullptr,
                       static_cast<UBool>(ended_), &status);
        // What came before the fault is counted first, so that the fault's line and character are right.
        refuse_controls(wide_.data(), target);
        keep(wide_.data(), target);
        if (status == U_TRUNCATED_CHAR_FOUND) {
            refuse("the text ends in the midst of a character");
        }
        if (U_FAILURE(status)) {
            std::array<char, 8> invalid{};
            auto length = static_cast<std::int8_t>(invalid.size());
            UErrorCode ignored = U_ZERO_ERROR;
            ucnv_getInvalidChars(converter_.get(), invalid.data(), &length, &ignored);
            std::string shown;
            for (std::int8_t i = 0; i < length; ++i) {
                shown += fmt::format("{}0x{:02X}", i == 0 ? "" : " ",
                                     static_cast<unsigned char>(invalid.at(static_cast<std::size_t>(i))));
            }
            refuse(fmt::format("the byte{} {} {} no character", length == 1 ? "" : "s", shown,
                               length == 1 ? "is" : "are"));
        }
    }
    return !text_.empty();
}

// ICU gives bytes that an older encoding leaves out as control characters.
void decoded_stream::refuse_controls(const UChar* begin, const UChar* end) {
    if (has_controls_) {
        return;
    }
    const UChar* control = std::find_if(begin, end, [](UChar c) { return c >= 0x80 && c < 0xA0; });
    if (control != end) {
        keep(begin, control);
        refuse(fmt::format("the byte 0x{:02X} is no character", static_cast<unsigned>(*control)));
    }
}

void decoded_stream::keep(const UChar* begin, const UChar* end) {
    for (const UChar* at = begin; at != end; ++at) {
        if (*at == u'\n') {
            ++line_;
            column_ = 1;
            // The second half of a character beyond the BMP: it counts once.
        } else if (!U16_IS_TRAIL(*at)) {
            ++column_;
        }
    }
    const std::size_t before = text_.size();
    // Three bytes of UTF-8 are the most that a UTF-16 unit needs (a pair of them has four).
    text_.resize(before + static_cast<std::size_t>(end - begin) * 3);
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(text_.data() + before, static_cast<std::int32_t>(text_.size() - before), &length, begin,
                static_cast<std::int32_t>(end - begin), &status);
    text_.resize(before + static_cast<std::size_t>(length));
}

void decoded_stream::refuse(const std::string& what) const {
    throw command_error(
        exit_code::usage,
        fmt::format("{}, line {}, character {}: in {}, {}; is the file in another encoding? Say which: [source] "
                    "encoding = \"…\" (baseload preview shows how it is read)",
                    name_, line_, column_, encoding_, what));
}

}  // namespace baseload
