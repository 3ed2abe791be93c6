#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// A POST's body as the service reads it.
struct request_form {
    std::string method;
    std::string parameters;
};

// Decodes application/x-www-form-urlencoded: percent escapes, and "+" as a space. Nothing
// when the body is malformed.
[[nodiscard]] std::optional<request_form> parse_form(std::string_view body);

}  // namespace baseload::sandbox
