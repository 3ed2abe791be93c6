// Bytes as the sample that the dialect is judged by, and as a text in each encoding. The sniffer
// must name a dialect or several; a decoder must hand out UTF-8, or refuse with words.
#include "baseload/core/command_error.hpp"
#include "baseload/core/utf8.hpp"
#include "baseload/source/csv/dialect.hpp"
#include "baseload/source/csv/encoding.hpp"
#include "source/csv/decoded_stream.hpp"
#include "source/gzip_stream.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace {

class memory_stream final : public baseload::byte_stream {
public:
    explicit memory_stream(std::string_view bytes) : bytes_(bytes) {}

    [[nodiscard]] std::size_t read(char* into, std::size_t count) override {
        const std::size_t filled = bytes_.copy(into, count);
        bytes_.remove_prefix(filled);
        return filled;
    }

private:
    std::string_view bytes_;
};

void expect(bool true_always) {
    if (!true_always) {
        std::abort();
    }
}

void sniff(std::string_view sample) {
    const baseload::sniffed result = baseload::sniff_dialect(sample);
    expect(result.found ? result.equally_good.empty() : result.equally_good.size() > 1);
    const auto lines = static_cast<std::uint32_t>(std::count(sample.begin(), sample.end(), '\n'));
    expect(!result.found || result.found->skipped_lines <= lines + 1);
    baseload::byte_statistics statistics;
    statistics.add(sample);
    expect(baseload::known_encoding(baseload::encoding_by_letters(statistics).name).has_value());
    static_cast<void>(baseload::encoding_by_head(sample));
    static_cast<void>(baseload::evidence_of_utf8(sample));
}

void read_out(baseload::byte_stream& stream, bool is_text) {
    std::string all;
    std::array<char, 777> piece{};  // characters are cut in two at its end
    for (std::size_t count = piece.size(); count == piece.size() && all.size() < 10'000'000;) {
        count = stream.read(piece.data(), piece.size());
        all.append(piece.data(), count);
    }
    for (std::size_t at = 0; is_text && at < all.size();) {
        expect(baseload::next_character(all, at) >= 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    static const std::array<const char*, 8> encodings = {"windows-1250", "ISO-8859-2", "windows-1252", "IBM852",
                                                         "UTF-16LE",     "UTF-16BE",   "UTF-16",       "UTF-8"};
    if (count == 0) {
        return 0;
    }
    const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, count - 1);
    sniff(text);
    const std::size_t which = bytes[0] % (encodings.size() + 1);
    auto packed = std::make_unique<memory_stream>(text);
    try {
        if (which < encodings.size()) {
            baseload::decoded_stream stream(std::move(packed), encodings[which], "text");
            read_out(stream, true);
        } else {
            baseload::gzip_stream stream(std::move(packed), "packed");
            read_out(stream, false);
        }
    } catch (const baseload::command_error&) {
        // Refused, with words.
    }
    return 0;
}
