#include "import/row_sender.hpp"

#include "support/error_of.hpp"
#include "support/import_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using test::contains;

namespace {

class fixture : public test::import_fixture {
public:
    explicit fixture(const std::string& rows, const std::string& account = "") : import_fixture(rows, 1000, account) {}

    // Sends the file's first row; the item comes back when it is in doubt.
    std::optional<work_item> send() {
        auto item = work_of(0);
        auto back = clock.run(sender_.send(api_, std::move(item.value())));
        make_durable();
        return back;
    }
    // As if K1 was created before, as client 5, with this e-mail.
    static void know(journal& j, const std::string& email) {
        j.created("K1",
                  {5, {}, {{field_code::login, fingerprint_of("K1")}, {field_code::email, fingerprint_of(email)}}},
                  wall_now());
        j.commit();
    }

private:
    api_caller api_ = new_caller();
    std::string source_ = "a.csv";
    row_sender sender_{first.job(), source_, recorder, under_way};
};

// Its job's row differs from the journal's in the e-mail: an update.
class update_fixture : public fixture {
public:
    explicit update_fixture(const std::string& account = "") : fixture("K1;new@b.pl;\n", account) {
        know(memory(), "old@b.pl");
    }
};

const auto refused_change = test::error("ERROR_X", "no such client");
const auto nobody = test::success({{"clients", boost::json::array{}}});

}  // namespace

TEST_CASE("a create's intent is on disk when the request arrives, and its client is when the row counts") {
    fixture f("K1;a@b.pl;\n");
    f.service.script = [&](const auto& request) {
        CHECK(f.memory().find("K1")->in_doubt);
        CHECK(request.parameters.at("email") == "a@b.pl");
        CHECK_FALSE(request.parameters.contains("notes"));
        CHECK(f.under_way.may_have_made({1, {{field_code::email, "a@b.pl"}, {field_code::login, "K1"}}}));
        return test::created(7);
    };
    CHECK_FALSE(f.send());
    CHECK(f.rows().of(outcome::created) == 1);
    CHECK(f.memory().find("K1")->client->crm_client_id == 7);
    CHECK_FALSE(f.memory().find("K1")->in_doubt);
    CHECK_FALSE(f.under_way.may_have_made({1, {{field_code::email, "a@b.pl"}}}));
}

TEST_CASE("a create without an answer comes back without an outcome, its intent kept") {
    fixture f("K1;a@b.pl;\n");
    f.service.script = [](const auto&) { return test::lost(); };
    const auto back = f.send();
    REQUIRE(back);
    CHECK(back->creates_sent == 1);
    CHECK(f.rows().total() == 0);
    CHECK(f.memory().find("K1")->in_doubt);
}

TEST_CASE("a refused create is rejected with the service's own code, and leaves no intent") {
    fixture f("K1;a@b.pl;\n");
    f.service.script = [](const auto&) { return test::error("ERROR_CRM", "bad e-mail"); };
    CHECK_FALSE(f.send());
    CHECK(f.rows().of(outcome::rejected) == 1);
    CHECK(code_text(f.observer.rejections.at(0).faults.at(0)) == "ERROR_CRM");
    CHECK(f.memory().find("K1")->refused->message == "bad e-mail");
    CHECK_FALSE(f.memory().find("K1")->in_doubt);
}

TEST_CASE("an update sends what changed, and nothing else") {
    update_fixture f;
    f.service.script = [&](const auto& request) {
        CHECK(request.parameters.at("crm_client_id") == 5);
        CHECK(request.parameters.at("email") == "new@b.pl");
        CHECK(request.parameters.size() == 2);
        return test::created(5);
    };
    CHECK_FALSE(f.send());
    CHECK(f.rows().of(outcome::updated) == 1);
    CHECK(f.summary.so_far().fields_sent == 1);
}

TEST_CASE("an update that is refused is asked about: a client that is gone is not a refusal") {
    const auto is_there = test::success({{"clients", {{{"crm_client_id", 5}}}}});
    SUBCASE("it is there: refused") {
        update_fixture f;
        f.service.script = [&](const auto& r) { return r.method == "getCrmClients" ? is_there : refused_change; };
        CHECK_FALSE(f.send());
        CHECK(f.rows().of(outcome::rejected) == 1);
        CHECK(f.memory().find("K1")->refused);
    }
    SUBCASE("it is gone: rejected this once, and left alone") {
        update_fixture f;
        f.service.script = [&](const auto& r) { return r.method == "getCrmClients" ? nobody : refused_change; };
        CHECK_FALSE(f.send());
        CHECK(f.observer.rejections.at(0).faults.at(0).code == fault_code::client_deleted);
        CHECK(f.memory().find("K1")->client->deleted);
    }
    SUBCASE("it is gone, and the job wants it anew") {
        update_fixture f("on_deleted = \"recreate\"");
        f.service.script = [&](const auto& r) {
            return r.method == "getCrmClients"              ? nobody
                   : r.parameters.contains("crm_client_id") ? refused_change
                                                            : test::created(6);
        };
        CHECK_FALSE(f.send());
        CHECK(f.rows().of(outcome::created) == 1);
        CHECK(f.memory().find("K1")->client->crm_client_id == 6);
    }
    SUBCASE("nobody can say: refused") {
        update_fixture f;
        f.service.script = [&](const auto& r) { return r.method == "getCrmClients" ? test::lost() : refused_change; };
        CHECK_FALSE(f.send());
        CHECK(f.memory().find("K1")->refused);
    }
}

TEST_CASE("an update that goes unanswered again and again is left to the next run") {
    update_fixture f;
    f.service.script = [](const auto&) { return test::lost(); };
    CHECK_FALSE(f.send());
    CHECK(f.rows().of(outcome::not_reached) == 1);
    CHECK(f.memory().find("K1")->client->sent.at(field_code::email) == fingerprint_of("old@b.pl"));
}

TEST_CASE("a stop before the request leaves the row to the next run") {
    fixture f("K1;a@b.pl;\n");
    f.service.script = [](const auto&) { return test::created(7); };
    auto item = f.work_of(0);
    f.stop.request(exit_code::stopped, "enough");
    api_caller api = f.new_caller();
    const std::string source = "a.csv";
    row_sender sender(f.first.job(), source, f.recorder, f.under_way);
    CHECK_FALSE(f.clock.run(sender.send(api, std::move(*item))));
    CHECK(f.rows().of(outcome::not_reached) == 1);
    CHECK(f.service.requests.empty());
}
