#include "baseload/api/answer.hpp"

#include "baseload/core/text.hpp"
#include "json_reading.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

using simdjson::dom::element;

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

// shown(): the service's words go to a terminal and into files, and may hold control characters.
std::string text_at(const element& object, const char* name) {
    std::string_view text;
    return object[name].get(text) == simdjson::SUCCESS ? shown(text) : std::string{};
}

// The words of a refusal may echo a cell: they count only where the code is a block's, or absent.
bool is_block(std::string_view code, std::string_view message) {
    // These codes say it by themselves, whatever the language of the message.
    if (code == "ERROR_BLOCKED_TOKEN" || code == "ERROR_RATE_LIMIT") {
        return true;
    }
    const std::string words = ascii_lower(message);
    return (code.empty() || code == "ERROR_USER_ACCOUNT_BLOCKED") &&
           (contains(words, "limit exceeded") || contains(words, "blocked until"));
}

bool refuses_account(std::string_view code, std::string_view message) {
    // In the table "Error codes" of src/api/README.md, with what is done about each.
    static constexpr std::array<std::string_view, 4> codes = {"ERROR_USER_ACCOUNT_BLOCKED", "ERROR_EMPTY_TOKEN",
                                                              "ERROR_BAD_TOKEN", "ERROR_UNKNOWN_METHOD"};
    return std::find(codes.begin(), codes.end(), code) != codes.end() ||
           (code.empty() && contains(ascii_lower(message), "invalid user token"));
}

verdict judge_error(const element& object, unsigned status) {
    verdict v{.kind = verdict_kind::refused,
              .crm_client_id = {},
              .code = text_at(object, "error_code"),
              .message = text_at(object, "error_message")};
    // First, since ERROR_USER_ACCOUNT_BLOCKED may be either: with these words it is a block, without them the account
    // is closed.
    if (is_block(v.code, v.message)) {
        v.kind = verdict_kind::blocked;
    } else if (refuses_account(v.code, v.message)) {
        v.kind = verdict_kind::account_refused;
        // The service says itself that it failed, so the request may have been carried out.
    } else if (v.code.starts_with("ERROR_INTERNAL") || status >= 500) {
        v.kind = verdict_kind::server_fault;
    } else if (v.code.empty()) {
        v.code = "error_without_code";
    }
    return v;
}

// What is not JSON of the API's form: an outage, a proxy, another server.
verdict judge_foreign(const http_answer& answer) {
    // Not followed: the token would go to whatever host the redirect names.
    if (answer.status >= 300 && answer.status < 400) {
        return {verdict_kind::account_refused,
                {},
                "redirect",
                fmt::format("the URL redirects to {}; the token is not sent there: set [account] url to the API's own",
                            answer.location.empty() ? "nowhere" : shown(answer.location))};
    }
    if (answer.status >= 500) {
        return {verdict_kind::server_fault,
                {},
                fmt::format("http_{}", answer.status),
                fmt::format("the server is at fault (HTTP {})", answer.status)};
    }
    // in_quotes shortens it: a page of HTML would fill the terminal.
    const std::string begin = answer.body.empty() ? "an empty body" : in_quotes(answer.body);
    const std::string message = fmt::format("the answer is not the API's (HTTP {}, {})", answer.status, begin);
    // HTTP 4xx is a no before anything was carried out, and the same for every request.
    // 408 is a timeout between proxy and service, so nobody knows whether it was carried out.
    const bool is_no = answer.status >= 400 && answer.status != 408;
    return is_no ? verdict{verdict_kind::account_refused, {}, fmt::format("http_{}", answer.status), message}
                 : verdict{verdict_kind::unreadable, {}, "unreadable", message};
}

}  // namespace

namespace {

verdict judge_body(const http_answer& answer) {
    // Its buffers are used again; nothing of one answer is left for the next.
    thread_local simdjson::dom::parser parser;
    element object;
    // The body alone: the API's content type may be text/html (seen).
    if (parser.parse(answer.body).get(object) == simdjson::SUCCESS && object.is_object()) {
        const std::string status = text_at(object, "status");
        // An id is there only for addCrmClient; the caller knows whether it needs one.
        if (status == "SUCCESS") {
            return {verdict_kind::accepted, id_at(object, "crm_client_id"), {}, {}};
        }
        if (status == "ERROR") {
            return judge_error(object, answer.status);
        }
    }
    verdict v = judge_foreign(answer);
    // Whoever answered is not the API, or was cut off: its connection is not used again.
    v.foreign = true;
    return v;
}

// What these statuses say is said before the API is reached, whatever the body adds.
verdict judge_by_status(verdict v, unsigned status) {
    if (v.kind == verdict_kind::accepted) {  // one of the two is wrong
        return {verdict_kind::unreadable, {}, "unreadable", fmt::format("SUCCESS under HTTP {}", status), true};
    }
    // A body may say more than the status: a block under 403 is a block, and not a wrong token.
    const bool is_blocked = status == 429 || v.kind == verdict_kind::blocked;
    v.kind = is_blocked ? verdict_kind::blocked : verdict_kind::account_refused;
    if (v.foreign || v.code == "error_without_code") {
        v.code = fmt::format("http_{}", status);
    }
    if (status == 429 && v.foreign) {
        v.message = "too many requests (HTTP 429)";
    }
    return v;
}

}  // namespace

verdict judge(const http_answer& answer) {
    verdict v = judge_body(answer);
    const bool status_decides = answer.status == 401 || answer.status == 403 || answer.status == 429;
    return status_decides ? judge_by_status(std::move(v), answer.status) : v;
}

}  // namespace baseload
