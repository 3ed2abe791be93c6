#pragma once

#include "baseload/core/journal_entry.hpp"

#include <string>
#include <string_view>

namespace baseload {

// The journal's form of sent_fields. The API's own fields: a bit for each (bit 0 is code 1) in four bytes, then eight
// bytes of hash for each bit that is set, in the order of the codes. Behind them the extra fields: four bytes of code
// and eight of hash each. All big-endian.
[[nodiscard]] std::string encode_sent(const sent_fields& sent);

// Bytes beyond the last whole field are ignored.
[[nodiscard]] sent_fields decode_sent(std::string_view bytes);

// The form of journals up to format 4: 20 bytes a field, its code and the 128 bits of its fingerprint, the lower half
// of which is the hash.
[[nodiscard]] sent_fields decode_sent_of_format_4(std::string_view bytes);

}  // namespace baseload
