#pragma once

#include "source/byte_stream.hpp"

#include <unicode/ucnv.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// A text in any encoding that ICU knows, as UTF-8. Strict: a byte that the encoding does not
// have is refused with its line, and never replaced.
class decoded_stream final : public byte_stream {
public:
    // `encoding` is one that ICU knows (known_encoding). `name` is what messages call the source.
    decoded_stream(std::unique_ptr<byte_stream> bytes, const std::string& encoding, std::string name);

    [[nodiscard]] std::size_t read(char* into, std::size_t count) override;

private:
    [[nodiscard]] bool decode_more();
    void keep(const UChar* begin, const UChar* end);
    void refuse_controls(const UChar* begin, const UChar* end);
    [[noreturn]] void refuse(const std::string& what) const;

    std::unique_ptr<byte_stream> bytes_;
    std::string encoding_;
    std::string name_;
    std::unique_ptr<UConverter, decltype(&ucnv_close)> converter_;
    bool has_controls_;         // U+0080 to U+009F are what it decodes; else they are bytes that it does not have
    std::vector<char> packed_;  // as read
    std::vector<UChar> wide_;   // decoded
    std::string text_;          // in UTF-8
    std::size_t taken_ = 0;     // of text_
    std::uint64_t line_ = 1;    // of the next character
    std::uint64_t column_ = 1;
    bool ended_ = false;
};

}  // namespace baseload
