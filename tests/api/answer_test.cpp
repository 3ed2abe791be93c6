#include "baseload/api/answer.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

verdict judge_body(const std::string& body, unsigned status = 200) {
    return judge({.status = status, .body = body, .date = {}, .location = {}});
}

std::string error(const std::string& code, const std::string& message) {
    return R"({"status":"ERROR","error_code":")" + code + R"(","error_message":")" + message + "\"}";
}

}  // namespace

TEST_CASE("answers are judged by their body, and by the statuses that speak before it") {
    struct example {
        std::string body;
        unsigned status;
        verdict_kind kind;
    };
    const example examples[] = {
        {R"({"status":"SUCCESS","crm_client_id":42})", 200, verdict_kind::accepted},
        {R"({"status":"SUCCESS","crm_client_id":42})", 500, verdict_kind::accepted},
        {error("ERROR_BLOCKED_TOKEN", "Query limit exceeded, token blocked until 2022-05-03 17:15:34"), 200,
         verdict_kind::blocked},
        {error("ERROR_BLOCKED_TOKEN", ""), 200, verdict_kind::blocked},
        {error("ERROR_RATE_LIMIT", "Too fast"), 200, verdict_kind::blocked},
        {error("", "Query Limit Exceeded"), 200, verdict_kind::blocked},
        {error("ERROR_X", "Query Limit Exceeded"), 200, verdict_kind::refused},
        {error("ERROR_X", "token blocked until 2022-05-03 17:15:34"), 200, verdict_kind::refused},
        {error("ERROR_USER_ACCOUNT_BLOCKED", "Query limit exceeded, API blocked until 2022-05-03 17:15:34"), 200,
         verdict_kind::blocked},
        {error("ERROR_USER_ACCOUNT_BLOCKED", "Account blocked until 2022-05-03 17:15:34"), 200, verdict_kind::blocked},
        {error("ERROR_USER_ACCOUNT_BLOCKED", "Account closed"), 200, verdict_kind::account_refused},
        {error("ERROR_EMPTY_TOKEN", ""), 200, verdict_kind::account_refused},
        {error("ERROR_BAD_TOKEN", "Invalid user token"), 200, verdict_kind::account_refused},
        {error("", "Invalid user token"), 200, verdict_kind::account_refused},
        {error("ERROR_SOMETHING", "Invalid user token"), 200, verdict_kind::refused},
        {error("ERROR_UNKNOWN_METHOD", "Unknown method"), 200, verdict_kind::account_refused},
        {error("ERROR_PARSE_JSON_PARAMETERS", ""), 200, verdict_kind::refused},
        {error("ERROR_NEVER_SEEN", "whatever"), 200, verdict_kind::refused},
        {R"({"status":"ERROR"})", 200, verdict_kind::refused},
        {error("ERROR_INTERNAL", "oops"), 200, verdict_kind::server_fault},
        {error("ERROR_INTERNAL_SERVER_ERROR", "oops"), 200, verdict_kind::server_fault},
        {"", 500, verdict_kind::server_fault},
        {"<html>Bad Gateway</html>", 502, verdict_kind::server_fault},
        {"", 429, verdict_kind::blocked},
        {error("ERROR_NEVER_SEEN", "slow down"), 429, verdict_kind::blocked},
        {error("ERROR_NEVER_SEEN", "no"), 401, verdict_kind::account_refused},
        {error("ERROR_NEVER_SEEN", "no"), 403, verdict_kind::account_refused},
        {R"({"status":"SUCCESS","crm_client_id":42})", 403, verdict_kind::unreadable},
        {"<html></html>", 302, verdict_kind::account_refused},
        {"", 200, verdict_kind::unreadable},
        {"<html>Maintenance</html>", 200, verdict_kind::unreadable},
        {R"({"status":"SUCC)", 200, verdict_kind::unreadable},
        {R"({"crm_client_id":42})", 200, verdict_kind::unreadable},
        {R"([])", 200, verdict_kind::unreadable},
        {R"(null)", 200, verdict_kind::unreadable},
        {"<html>Not Found</html>", 404, verdict_kind::account_refused},
        {"<html>Forbidden</html>", 403, verdict_kind::account_refused},
        {"", 408, verdict_kind::unreadable},
        {error("ERROR_UNKNOWN", "oops"), 500, verdict_kind::server_fault},
        {error("ERROR_BAD_TOKEN", "Invalid user token"), 500, verdict_kind::account_refused},
        {error("ERROR_UNKNOWN", "bad value"), 400, verdict_kind::refused},
    };
    for (const example& e : examples) {
        CAPTURE(e.body);
        CAPTURE(e.status);
        CHECK(judge_body(e.body, e.status).kind == e.kind);
    }
}

TEST_CASE("an id comes as a number or as text; anything else is none") {
    CHECK(judge_body(R"({"status":"SUCCESS","crm_client_id":42})").crm_client_id == 42);
    CHECK(judge_body(R"({"status":"SUCCESS","crm_client_id":"42"})").crm_client_id == 42);
    for (const char* id : {"0", "-1", "\"\"", "\"4x\"", "null", "4.5", "[]", "\"99999999999999999999\""}) {
        CAPTURE(id);
        CHECK_FALSE(judge_body(std::string(R"({"status":"SUCCESS","crm_client_id":)") + id + "}").crm_client_id);
    }
    CHECK_FALSE(judge_body(R"({"status":"SUCCESS"})").crm_client_id);
}

TEST_CASE("the service's own words are kept") {
    const verdict v = judge_body(error("ERROR_X", "Zły e-mail"));
    CHECK(v.code == "ERROR_X");
    CHECK(v.message == "Zły e-mail");
    const verdict moved = judge({.status = 301, .body = "", .date = {}, .location = "https://elsewhere.example/"});
    CHECK(moved.message.find("https://elsewhere.example/") != std::string::npos);
}
