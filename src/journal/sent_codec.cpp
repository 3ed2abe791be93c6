#include "sent_codec.hpp"

#include "big_endian.hpp"

namespace baseload {
namespace {

constexpr std::size_t mask_bytes = 4;
constexpr std::size_t code_bytes = 4;
constexpr std::size_t hash_bytes = 8;
constexpr std::uint32_t own_fields = 32;  // as many as the mask has bits; the API has 22
static_assert(static_cast<std::uint32_t>(last_field) <= own_fields);

}  // namespace

std::string encode_sent(const sent_fields& sent) {
    std::uint32_t mask = 0;
    std::string hashes;
    std::string extra;
    hashes.reserve(sent.size() * hash_bytes);
    // In the order of the codes, since sent_fields is sorted by them; decode_sent relies on it.
    for (const auto& [code, hash] : sent) {
        const auto number = static_cast<std::uint32_t>(code);
        // Codes of extra fields lie above all of the API's own (core/field_code.hpp).
        if (number <= own_fields) {
            mask |= 1U << (number - 1);
            append_big_endian(hashes, hash.bits, hash_bytes);
        } else {
            append_big_endian(extra, number, code_bytes);
            append_big_endian(extra, hash.bits, hash_bytes);
        }
    }
    std::string bytes;
    bytes.reserve(mask_bytes + hashes.size() + extra.size());
    append_big_endian(bytes, mask, mask_bytes);
    return bytes.append(hashes).append(extra);
}

sent_fields decode_sent(std::string_view bytes) {
    sent_fields sent;
    // Nothing known of any field: the next run sends all of them, which is safe.
    if (bytes.size() < mask_bytes) {
        return sent;
    }
    sent.reserve(bytes.size() / hash_bytes);
    const auto mask = static_cast<std::uint32_t>(read_big_endian(bytes, 0, mask_bytes));
    bytes.remove_prefix(mask_bytes);
    // A hint at the end makes each insertion constant in time, since the codes ascend.
    for (std::uint32_t number = 1; number <= own_fields && bytes.size() >= hash_bytes; ++number) {
        if ((mask >> (number - 1) & 1U) != 0) {
            sent.emplace_hint(sent.end(), static_cast<field_code>(number),
                              content_hash{read_big_endian(bytes, 0, hash_bytes)});
            bytes.remove_prefix(hash_bytes);
        }
    }
    for (; bytes.size() >= code_bytes + hash_bytes; bytes.remove_prefix(code_bytes + hash_bytes)) {
        sent.emplace_hint(sent.end(), static_cast<field_code>(read_big_endian(bytes, 0, code_bytes)),
                          content_hash{read_big_endian(bytes, code_bytes, hash_bytes)});
    }
    return sent;
}

sent_fields decode_sent_of_format_4(std::string_view bytes) {
    constexpr std::size_t field_bytes = code_bytes + 16;
    sent_fields sent;
    for (; bytes.size() >= field_bytes; bytes.remove_prefix(field_bytes)) {
        sent.emplace_hint(sent.end(), static_cast<field_code>(read_big_endian(bytes, 0, code_bytes)),
                          // The last eight of the 20 bytes: the lower half of the fingerprint.
                          content_hash{read_big_endian(bytes, field_bytes - hash_bytes, hash_bytes)});
    }
    return sent;
}

}  // namespace baseload
