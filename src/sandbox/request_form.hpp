#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// A POST's body as the service reads it.
struct request_form {
    std::string method;
    std::string parameters;
    std::string token;  // deprecated: the header X-BLToken stands in its place (documented)
};

// Decodes application/x-www-form-urlencoded: percent escapes, and "+" as a space. Nothing
// when the body is malformed.
[[nodiscard]] std::optional<request_form> parse_form(std::string_view body);

// The same of a body whose texts are not percent-encoded: each stands as it is, up to the next "&" and a known name.
[[nodiscard]] std::optional<request_form> parse_unencoded(std::string_view body);

// The same of multipart/form-data (RFC 7578), which some clients send. Nothing when no boundary fits.
[[nodiscard]] std::optional<request_form> parse_multipart(std::string_view content_type, std::string_view body);

}  // namespace baseload::sandbox
