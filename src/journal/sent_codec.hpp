#pragma once

#include "baseload/core/journal_entry.hpp"

#include <string>
#include <string_view>

namespace baseload {

// The journal's form of sent_fields: 20 bytes a field, code (big-endian) and fingerprint,
// in the order of the codes.
[[nodiscard]] std::string encode_sent(const sent_fields& sent);

// Bytes beyond the last whole field are ignored.
[[nodiscard]] sent_fields decode_sent(std::string_view bytes);

}  // namespace baseload
