#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace baseload {

// An HTTP answer, as far as anything here looks at it.
struct http_answer {
    unsigned status = 0;
    std::string body;
    std::string date;              // the Date header, or nothing
    std::string location;          // of a redirect
    std::string retry_after = {};  // the Retry-After header, or nothing
};

// What an answer means for the run (src/api/README.md, "Error codes").
enum class verdict_kind {
    accepted,         // SUCCESS
    refused,          // the service's no to this one request; it was not carried out
    blocked,          // the request limit was passed; not carried out; pause everything
    account_refused,  // token, closed account, unknown method, redirect: no request will do better
    server_fault,     // the service is at fault; the request may have been carried out
    unreadable        // no answer of the API; the request may have been carried out
};

struct verdict {
    verdict_kind kind = verdict_kind::unreadable;
    std::optional<std::int64_t> crm_client_id;  // of an accepted addCrmClient
    std::string code;                           // the service's, or a word of ours in lower case
    std::string message;                        // the service's words, or ours
    bool foreign = false;                       // not the API's form: another server, a proxy, an outage
};

// Judges by the body and not by the content type; HTTP 401, 403 and 429 speak before the body. Pure.
[[nodiscard]] verdict judge(const http_answer& answer);

}  // namespace baseload
