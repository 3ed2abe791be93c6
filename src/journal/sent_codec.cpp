#include "sent_codec.hpp"

namespace baseload {
namespace {

constexpr std::size_t code_bytes = 4;
constexpr std::size_t field_bytes = code_bytes + 16;

}  // namespace

std::string encode_sent(const sent_fields& sent) {
    std::string bytes;
    bytes.reserve(sent.size() * field_bytes);
    for (const auto& [code, value] : sent) {
        const auto number = static_cast<std::uint32_t>(code);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes += static_cast<char>((number >> static_cast<unsigned>(shift)) & 0xFFU);
        }
        bytes += to_bytes(value);
    }
    return bytes;
}

sent_fields decode_sent(std::string_view bytes) {
    sent_fields sent;
    for (; bytes.size() >= field_bytes; bytes.remove_prefix(field_bytes)) {
        std::uint32_t number = 0;
        for (std::size_t i = 0; i < code_bytes; ++i) {
            number = number << 8U | static_cast<unsigned char>(bytes[i]);
        }
        sent.emplace_hint(sent.end(), static_cast<field_code>(number),
                          fingerprint_from_bytes(bytes.data() + code_bytes));
    }
    return sent;
}

}  // namespace baseload
