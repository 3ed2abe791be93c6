#include "import/doubt_resolver.hpp"

#include "baseload/api/call.hpp"
#include "support/error_of.hpp"
#include "support/import_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using namespace std::chrono_literals;
using test::contains;

namespace {

constexpr auto settling_time = 30s;

boost::json::object client(std::int64_t id, const std::string& login, const std::string& email) {
    return {{"crm_client_id", id}, {"login", login}, {"email", email}};
}

// Rows whose creates have no answer, on the way through a resolver. The account lists `clients` to whoever asks.
class fixture : public test::import_fixture {
public:
    explicit fixture(const std::string& rows) : import_fixture(rows) {
        memory().saw_id(0);  // the account was empty
        memory().commit();
        service.script = [this](const auto& request) {
            first_asked = first_asked.value_or(clock.passed());
            if (request.parameters.contains("page") && request.parameters.at("page") != 1) {
                return test::success({{"clients", boost::json::array{}}});
            }
            return test::success({{"clients", clients}});
        };
    }

    boost::json::array clients;
    std::optional<std::chrono::milliseconds> first_asked;

    // The create of the file's row was sent, and its answer lost.
    work_item doubt(std::size_t ordinal) {
        work_item item = work_of(ordinal).value();
        clock.run(recorder.intend(item, add_client(std::nullopt, item.plan.send).parameters));
        ++item.creates_sent;
        return item;
    }

    // What the resolver hands back, until there is no more.
    std::vector<work_item> settle(doubt_resolver& resolver) {
        resolver.close();
        api_caller api = new_caller();
        std::vector<work_item> settled;
        while (auto item = clock.run(resolver.next_settled(api))) {
            settled.push_back(std::move(*item));
        }
        make_durable();
        return settled;
    }

    [[nodiscard]] doubt_resolver new_resolver() {
        return doubt_resolver({.clock = clock,
                               .memory = memory(),
                               .recorder = recorder,
                               .under_way = under_way,
                               .stop = stop,
                               .settling_time = settling_time});
    }
    [[nodiscard]] std::string held_because() const {
        return observer.doubts.size() == 1 ? observer.doubts.front().why : "not held";
    }
};

}  // namespace

TEST_CASE("a create that had been carried out is linked, not before the settling time, and its row goes on") {
    fixture f("K1;a@b.pl;\n");
    f.clients = {client(7, "K1", "a@b.pl"), client(8, "K2", "xa@b.pl")};
    doubt_resolver resolver = f.new_resolver();
    resolver.enqueue(f.doubt(0));
    const auto settled = f.settle(resolver);
    REQUIRE(settled.size() == 1);
    CHECK(settled[0].is_created);
    CHECK(f.first_asked.value() >= settling_time);
    CHECK(f.memory().find("K1")->client->crm_client_id == 7);
    CHECK_FALSE(f.memory().find("K1")->in_doubt);
    CHECK(f.summary.so_far().found == 1);
    CHECK(f.service.requests.at(0).parameters.at("filter_login") == "K1");
}

TEST_CASE("a create that was never carried out loses its intent, and its row may be sent again") {
    fixture f("K1;a@b.pl;\n");
    doubt_resolver resolver = f.new_resolver();
    resolver.enqueue(f.doubt(0));
    const auto settled = f.settle(resolver);
    REQUIRE(settled.size() == 1);
    CHECK_FALSE(settled[0].is_created);
    CHECK_FALSE(f.memory().find("K1"));
    CHECK(f.summary.so_far().not_found == 1);
}

TEST_CASE("what cannot be settled is held for a person, with the reason, and stays in doubt") {
    fixture f("K1;a@b.pl;\n");
    doubt_resolver resolver = f.new_resolver();
    work_item item = f.doubt(0);
    std::string expected;
    SUBCASE("several clients match") {
        f.clients = {client(7, "K1", "a@b.pl"), client(8, "K1", "a@b.pl")};
        expected = "several clients of the account are as it was sent";
    }
    SUBCASE("the account cannot be asked") {
        f.service.script = [](const auto&) { return test::error("ERROR_X", "not today"); };
        expected = "it could not be looked up (the service refused: ERROR_X: not today); the next run tries again";
    }
    SUBCASE("the run is being stopped") {
        f.stop.request(exit_code::stopped, "enough");
        expected = "the run ended before it was looked up; the next one does it";
    }
    SUBCASE("it was sent too often") {
        item.creates_sent = 5;
        expected = "it was sent again and again, and never answered; the next run goes on";
    }
    SUBCASE("its intent cannot be read back") {
        f.memory().withdraw("K1");
        f.memory().intend({"K1", 2, "no JSON"}, wall_now());
        expected = "what was sent cannot be read back from the journal";
    }
    SUBCASE("nothing of it can be searched by") {
        f.memory().withdraw("K1");
        f.memory().intend({"K1", 2, R"({"notes":"x"})"}, wall_now());
        expected = "it has no text by which the account could be searched";
    }
    resolver.enqueue(std::move(item));
    CHECK(f.settle(resolver).empty());
    CHECK(f.held_because() == expected);
    CHECK(f.rows().of(outcome::in_doubt) == 1);
    CHECK(f.memory().find("K1")->in_doubt);
}

TEST_CASE("a client that another key has is not taken for the row's") {
    fixture f("K1;a@b.pl;\n");
    f.clients = {client(7, "K1", "a@b.pl")};
    f.memory().created("K9", {7, {}, {}}, wall_now());
    f.memory().commit();
    doubt_resolver resolver = f.new_resolver();
    resolver.enqueue(f.doubt(0));
    CHECK(f.settle(resolver).size() == 1);
    CHECK(f.summary.so_far().not_found == 1);
}

TEST_CASE("a look-up waits for a create under way that may have made the client that it found") {
    fixture f("K1;a@b.pl;\n");
    f.clients = {client(7, "K1", "a@b.pl")};
    doubt_resolver resolver = f.new_resolver();
    work_item item = f.doubt(0);
    std::optional<creates_under_way::entry> twin(std::in_place, f.under_way, item.plan.send);
    resolver.enqueue(std::move(item));
    const auto answer_twin = [&]() -> boost::asio::awaitable<void> {
        static_cast<void>(co_await f.stop.sleep(2min));
        f.memory().created("K9", {7, {}, {}}, wall_now());  // the twin's answer: the client is its own
        twin.reset();
    };
    f.clock.spawn(answer_twin());
    CHECK(f.settle(resolver).size() == 1);
    CHECK(f.clock.passed() >= 2min);
    CHECK(f.summary.so_far().not_found == 1);
    CHECK(f.summary.so_far().found == 0);
}

TEST_CASE("of two creates in doubt, the one that sent more gets the client that shows more") {
    fixture f("K1;;\nK1b;;\n");
    f.clients = {client(7, "L", "a@b.pl")};
    f.memory().intend({"K1", 2, R"({"login":"L"})"}, wall_now());
    f.memory().intend({"K8", 9, R"({"login":"L","email":"a@b.pl"})"}, wall_now());
    f.memory().commit();
    work_item less = f.work_of(0).value();
    less.creates_sent = 1;
    doubt_resolver both = f.new_resolver();  // inherits K8
    both.enqueue(std::move(less));
    both.enqueue_inherited();
    CHECK(f.settle(both).size() == 1);
    CHECK(f.memory().find("K8")->client->crm_client_id == 7);
    CHECK_FALSE(f.memory().find("K1"));
}

TEST_CASE("of two keys that the service stores as one, each gets its own client, and is not made again") {
    fixture f("k1;a@b.pl;\nK1;c@d.pl;\n");
    f.clients = {client(7, "K1", "A@B.PL")};
    work_item small = f.doubt(0);
    work_item capital = f.doubt(1);
    doubt_resolver resolver = f.new_resolver();
    SUBCASE("both are there") {
        f.clients.push_back(client(8, "K1", "C@D.PL"));
        resolver.enqueue(std::move(small));
        resolver.enqueue(std::move(capital));
        CHECK(f.settle(resolver).size() == 2);
        CHECK(f.memory().find("K1")->client->crm_client_id == 8);
    }
    SUBCASE("one is there, and the other is looked for first") {
        resolver.enqueue(std::move(capital));
        resolver.enqueue(std::move(small));
        CHECK(f.settle(resolver).size() == 1);
        CHECK(f.held_because() == "a client of the account is like it, and not the same in all");
        CHECK(f.memory().find("K1")->in_doubt);
    }
    CHECK(f.memory().find("k1")->client->crm_client_id == 7);
    CHECK(f.summary.so_far().not_found == 0);
}

TEST_CASE("a doubt that an earlier run left is settled without a row, and hands nothing back") {
    fixture f("K1;;\n");
    f.clients = {client(7, "K9", "")};
    f.memory().intend({"K9", 2, R"({"login":"K9"})"}, wall_now());
    f.memory().commit();
    doubt_resolver resolver = f.new_resolver();
    resolver.enqueue_inherited();
    CHECK(f.settle(resolver).empty());
    CHECK(f.memory().find("K9")->client->crm_client_id == 7);
    CHECK(f.first_asked.value() >= settling_time);
}

TEST_CASE(
    "a client that is known by its key has all that was sent; one that was known by its looks is asked for its notes") {
    fixture f("K1;a@b.pl;hello\n");
    f.clients = {client(7, "K1", "a@b.pl")};
    const auto list = f.service.script;
    f.service.script = [list](const auto& request) {
        return request.method == "getCrmClientData" ? test::success({{"login", "K1"}, {"notes", "by staff"}})
                                                    : list(request);
    };
    doubt_resolver resolver = f.new_resolver();
    SUBCASE("by its key") {
        resolver.enqueue(f.doubt(0));
        CHECK(f.settle(resolver).size() == 1);
        CHECK(f.memory().find("K1")->client->sent.contains(field_code::notes));
        CHECK(f.service.count("getCrmClientData") == 0);
    }
    SUBCASE("by its looks") {
        f.memory().intend({"K9", 2, R"({"login":"K1","email":"a@b.pl","notes":"hello"})"}, wall_now());
        f.memory().commit();
        doubt_resolver inheriting = f.new_resolver();
        inheriting.enqueue_inherited();
        CHECK(f.settle(inheriting).empty());
        const auto sent = f.memory().find("K9")->client->sent;
        CHECK(sent.contains(field_code::email));
        CHECK_FALSE(sent.contains(field_code::notes));
    }
}

TEST_CASE("a create that is looked up before it leaves is linked, let go or held, and no run counts it as created") {
    fixture f("K1;a@b.pl;\n");
    doubt_resolver resolver = f.new_resolver();
    work_item item = f.work_of(0).value();
    item.is_ahead = true;
    f.clock.run(f.recorder.intend(item, add_client(std::nullopt, item.plan.send).parameters));
    SUBCASE("the account has it, from long ago") {
        f.memory().saw_id(100);
        f.clients = {client(7, "K1", "old@b.pl")};
        resolver.enqueue(std::move(item));
        const auto settled = f.settle(resolver);
        REQUIRE(settled.size() == 1);
        CHECK_FALSE(settled[0].is_created);
        CHECK(f.memory().find("K1")->client->crm_client_id == 7);
        CHECK_FALSE(f.memory().find("K1")->client->sent.contains(field_code::email));  // to be sent
        CHECK(f.memory().created_by(f.summary.so_far().run).empty());
    }
    SUBCASE("the account does not have it") {
        resolver.enqueue(std::move(item));
        const auto settled = f.settle(resolver);
        REQUIRE(settled.size() == 1);
        CHECK(settled[0].is_looked_up);
        CHECK_FALSE(f.memory().find("K1"));
    }
    CHECK(f.first_asked.value() < 1s);
    CHECK(f.summary.so_far().found + f.summary.so_far().not_found == 0);
}
