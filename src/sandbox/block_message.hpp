#pragma once

#include "rate_window.hpp"

#include <string>

namespace baseload::sandbox {

// "Query limit exceeded, token blocked until 2022-05-03 17:15:34", the time as read in
// `zone` ("local": this machine's). Throws command_error(usage) for a zone that ICU does not know.
[[nodiscard]] std::string block_message(rate_window::time until, const std::string& zone);

}  // namespace baseload::sandbox
