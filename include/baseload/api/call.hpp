#pragma once

#include "baseload/core/client.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace baseload {

// What a call does to the account: this decides how it may be repeated.
enum class call_kind { create, update, read };

// One request to the API, before it is encoded.
struct api_call {
    call_kind kind = call_kind::read;
    std::string method;
    std::string parameters;      // JSON
    bool may_be_closed = false;  // to some accounts: ERROR_UNKNOWN_METHOD is then no reason to stop
};

// The bytes of the files among some fields.
using file_bytes = std::map<field_code, std::string>;

// addCrmClient: a create without an id, an update with one (src/api/README.md). A file whose bytes are not given is
// left out.
[[nodiscard]] api_call add_client(std::optional<std::int64_t> crm_client_id, const client_fields& fields,
                                  const file_bytes& files = {});

// The body of the POST: application/x-www-form-urlencoded, everything but RFC 3986's
// unreserved characters percent-encoded, so that a "+" in base64 survives (src/api/README.md).
[[nodiscard]] std::string form_body(const api_call& call);

}  // namespace baseload
