#include "baseload/session/api_caller.hpp"

#include "support/error_of.hpp"
#include "support/session_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using namespace std::chrono_literals;
using ending = call_outcome::ending;
using test::contains;

namespace {

// Makes calls, and writes down what happens around a create.
class fixture : public test::session_fixture {
public:
    using session_fixture::session_fixture;

    std::vector<std::string> events;
    std::function<void()> on_intent = [] {};

    call_outcome make(call_kind kind, const std::string& method = "addCrmClient") {
        api_call call{kind, method, "{}"};
        return clock.run(caller_.make(std::move(call), kind == call_kind::create ? hooks() : create_hooks{}));
    }
    result<std::string> read(api_call call) { return clock.run(caller_.read(std::move(call))); }

    // Answers in turn; the last one stands for all that follow.
    void answers(std::vector<test::exchange_result> all) {
        service.script = [this, all = std::move(all), next = std::size_t{0}](const auto&) mutable {
            events.emplace_back("request");
            return all[std::min(next++, all.size() - 1)];
        };
    }

private:
    boost::asio::awaitable<void> intend() {
        events.emplace_back("intent");
        on_intent();
        co_return;
    }
    create_hooks hooks() {
        return {[this] { return intend(); }, [this] { events.emplace_back("withdrawn"); }};
    }

    api_caller caller_ = new_caller();
};

}  // namespace

TEST_CASE("a create whose answer is lost after it was sent is in doubt, and not sent again") {
    fixture f;
    f.answers({test::lost(), test::created(1)});
    const call_outcome outcome = f.make(call_kind::create);
    CHECK(outcome.how == ending::in_doubt);
    CHECK(outcome.why == "the connection was cut");
    CHECK(f.events == std::vector<std::string>{"intent", "request"});
}

TEST_CASE("a create that surely was not carried out is sent again, each time behind an intent of its own") {
    fixture f;
    f.answers(
        {test::lost(false),
         test::error("ERROR_BLOCKED_TOKEN", "token blocked until 2026-01-01 12:05:00", "Thu, 01 Jan 2026 12:00:00 GMT"),
         test::created(42)});
    const call_outcome outcome = f.make(call_kind::create);
    REQUIRE(outcome.how == ending::accepted);
    CHECK(outcome.answer.crm_client_id == 42);
    CHECK(f.events == std::vector<std::string>{"intent", "request", "withdrawn", "intent", "request", "withdrawn",
                                               "intent", "request"});
    CHECK(f.clock.passed() >= 5min);
    CHECK(f.pace.paused() >= 5min);
}

TEST_CASE("an answer that makes no id of a create leaves it in doubt; the service's fault does too") {
    for (const auto& unclear : {test::success(), test::error("ERROR_INTERNAL", "try later"),
                                test::exchange_result(http_answer{502, "<html>", {}, {}})}) {
        fixture f;
        f.answers({unclear});
        CHECK(f.make(call_kind::create).how == ending::in_doubt);
        CHECK(f.service.requests.size() == 1);
    }
}

TEST_CASE("an update without an answer is sent again, five times at most, with growing delays") {
    fixture f;
    f.answers({test::lost()});
    const call_outcome outcome = f.make(call_kind::update);
    CHECK(outcome.how == ending::not_made);
    CHECK(f.service.requests.size() == 5);
    CHECK(f.clock.passed() >= 3s);
    CHECK_FALSE(f.stop.requested());
}

TEST_CASE("a stop or a block that comes while the intent is written keeps the create back") {
    SUBCASE("a stop") {
        fixture f;
        f.answers({test::created(1)});
        f.on_intent = [&] { f.stop.request(exit_code::stopped, "enough"); };
        CHECK(f.make(call_kind::create).how == ending::not_made);
        CHECK(f.events == std::vector<std::string>{"intent", "withdrawn"});
    }
    SUBCASE("a block") {
        fixture f;
        f.answers({test::created(1)});
        f.on_intent = [&] {
            if (f.clock.passed() == 0ms) {
                f.pace.blocked(10min, "told to another");
            }
        };
        CHECK(f.make(call_kind::create).how == ending::accepted);
        CHECK(f.events == std::vector<std::string>{"intent", "withdrawn", "intent", "request"});
        CHECK(f.clock.passed() >= 10min);
    }
}

TEST_CASE("the account's limit is kept: a slot comes free a minute after its answer") {
    fixture f(3);
    f.answers({test::success()});
    for (int i = 0; i < 3; ++i) {
        static_cast<void>(f.make(call_kind::update));
    }
    CHECK(f.clock.passed() == 0ms);
    static_cast<void>(f.make(call_kind::update));
    CHECK(f.clock.passed() >= 1min);
    CHECK(f.clock.passed() < 62s);
}

TEST_CASE("no connection for longer than give_up_after stops the run, and nothing was sent") {
    fixture f;
    f.answers({test::created(1)});
    f.service.connect_failures.assign(10'000, "no connection to the host");
    CHECK(f.make(call_kind::create).how == ending::not_made);
    CHECK(f.events.empty());
    CHECK(f.stop.code() == exit_code::stopped);
    CHECK(contains(f.stop.reason(), "no connection to the host, for longer than give_up_after allows"));
    CHECK(f.clock.passed() >= 15min);
    CHECK(f.clock.passed() < 16min);
}

TEST_CASE("a connection that comes back after a while is used, and the failures before it are forgotten") {
    fixture f;
    f.answers({test::created(7)});
    f.service.connect_failures = {"no", "no", "no"};
    CHECK(f.make(call_kind::create).how == ending::accepted);
    CHECK_FALSE(f.health.is_unconnected());
}

TEST_CASE("a wrong token stops the run with what to do, and is shown nowhere") {
    fixture f;
    f.answers({test::error("ERROR_BAD_TOKEN", "Invalid user token secret-token-of-the-test")});
    CHECK(f.make(call_kind::create).how == ending::not_made);
    CHECK(f.events == std::vector<std::string>{"intent", "request", "withdrawn"});
    CHECK(f.stop.code() == exit_code::refused);
    CHECK(contains(f.stop.reason(), "Invalid user token [token]"));
    CHECK(contains(f.stop.reason(), "take the present one from the panel"));
    CHECK(f.service.requests[0].token == "secret-token-of-the-test");
}

TEST_CASE("so many refusals in a row stop the run; one that is accepted between begins the count anew") {
    fixture f(100, 3);
    f.answers({test::error("ERROR_X", "no"), test::error("ERROR_X", "no"), test::created(1),
               test::error("ERROR_X", "no"), test::error("ERROR_X", "no"), test::error("ERROR_X", "no, really")});
    for (int i = 0; i < 5; ++i) {
        static_cast<void>(f.make(call_kind::create));
    }
    CHECK_FALSE(f.stop.requested());
    CHECK(f.make(call_kind::create).how == ending::refused);
    CHECK(f.stop.code() == exit_code::stopped);
    CHECK(contains(f.stop.reason(), "the last one: ERROR_X: no, really"));
}

TEST_CASE("a read gives the body, or why there is none") {
    fixture f;
    f.answers({test::success({{"clients", {1}}}), test::error("ERROR_X", "not today"), test::lost()});
    const api_call call{call_kind::read, "getCrmClients", "{}"};
    const auto body = f.read(call);
    REQUIRE(body);
    CHECK(contains(*body, "\"clients\":[1]"));
    CHECK(f.read(call).error().problem == "the service refused: ERROR_X: not today");
    CHECK(f.read(call).error().problem == "the connection was cut");
}

TEST_CASE("a method that is closed to some accounts is refused, and the run goes on") {
    fixture f;
    f.answers({test::error("ERROR_UNKNOWN_METHOD", "An unknown method has been used")});
    CHECK_FALSE(f.read({call_kind::read, "getConnectIntegrations", "[]", true}));
    CHECK_FALSE(f.stop.requested());
    CHECK_FALSE(f.read({call_kind::read, "getCrmClients", "[]", false}));
    CHECK(f.stop.code() == exit_code::refused);
}

TEST_CASE("an answer that is not the API's ends its connection") {
    fixture f;
    f.answers({test::exchange_result(http_answer{502, "<html>", {}, {}}), test::created(1)});
    static_cast<void>(f.make(call_kind::update));
    CHECK(f.service.closed == 1);
}

TEST_CASE("ten rows that are refused with one code, and none taken between, stop the run; codes that differ do not") {
    fixture f(100, 1000);
    SUBCASE("one code") {
        f.answers({test::error("ERROR_NEVER_SEEN", "no")});
        for (int i = 0; i < 9; ++i) {
            CHECK(f.make(call_kind::create).how == ending::refused);
        }
        CHECK_FALSE(f.stop.requested());
        CHECK(f.make(call_kind::create).how == ending::refused);
        CHECK(f.stop.code() == exit_code::stopped);
        CHECK(contains(f.stop.reason(), "10 rows in a row with ERROR_NEVER_SEEN (no)"));
    }
    SUBCASE("two in turn") {
        std::vector<test::exchange_result> both;
        for (int i = 0; i < 20; ++i) {
            both.push_back(test::error(i % 2 == 0 ? "ERROR_A" : "ERROR_B", "no"));
        }
        f.answers(both);
        for (int i = 0; i < 20; ++i) {
            static_cast<void>(f.make(call_kind::create));
        }
        CHECK_FALSE(f.stop.requested());
    }
}

TEST_CASE("a foreign answer that echoes the request shows no part of the token") {
    fixture f;
    f.answers({test::exchange_result(
        http_answer{404, std::string(10, 'x') + " X-BLToken: secret-token-of-the-test", {}, {}})});
    static_cast<void>(f.make(call_kind::create));
    CHECK_FALSE(contains(f.stop.reason(), "secret-token"));
    CHECK(contains(f.stop.reason(), "[tok"));
}

TEST_CASE("a request without an answer keeps its slot for the settling time and a minute") {
    fixture f(1);
    f.answers({test::lost(), test::created(1)});
    CHECK(f.make(call_kind::create).how == ending::in_doubt);
    CHECK(f.make(call_kind::create).how == ending::accepted);
    CHECK(f.clock.passed() >= 90s);
}
