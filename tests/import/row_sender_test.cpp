#include "import/row_sender.hpp"

#include "support/error_of.hpp"
#include "support/import_fixture.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using test::contains;

namespace {

class fixture : public test::import_fixture {
public:
    explicit fixture(const std::string& rows, const std::string& account = "") : import_fixture(rows, 1000, account) {
        memory().saw_id(0);  // the account was empty
        memory().commit();
    }

    // Sends the file's first row; the item comes back when it is in doubt.
    std::optional<work_item> send() {
        auto item = work_of(0);
        const row_sender::ending how = clock.run(sender_.send(api_, item.value()));
        make_durable();
        return how == row_sender::ending::in_doubt ? std::move(item) : std::nullopt;
    }
    // As if K1 was created before, as client 5, with this e-mail.
    static void know(journal& j, const std::string& email) {
        j.created("K1",
                  {5, {}, {{field_code::login, content_hash_of("K1")}, {field_code::email, content_hash_of(email)}}},
                  wall_now());
        j.commit();
    }

private:
    api_caller api_ = new_caller();
    row_sender sender_{{.job = first.job(),
                        .places = *places,
                        .memory = memory(),
                        .notes = memory(),
                        .recorder = recorder,
                        .under_way = under_way,
                        .stop = stop}};
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
    // It may have been carried out: what the account has now is unknown, and the next run sends it whatever it is.
    CHECK_FALSE(f.memory().find("K1")->client->sent.contains(field_code::email));
    CHECK(f.memory().find("K1")->client->sent.contains(field_code::login));
    CHECK(f.memory().find("K1")->client->record_hash == content_hash{});
}

TEST_CASE("while an update is under way the journal knows nothing of its fields; a refusal brings back what it knew") {
    update_fixture f;
    f.service.script = [&](const auto& r) {
        if (r.method == "getCrmClients") {
            return test::success({{"clients", {{{"crm_client_id", 5}}}}});
        }
        CHECK_FALSE(f.memory().find("K1")->client->sent.contains(field_code::email));
        return refused_change;
    };
    CHECK_FALSE(f.send());
    CHECK(f.memory().find("K1")->client->sent.at(field_code::email) == content_hash_of("old@b.pl"));
}

TEST_CASE(
    "a refusal after an attempt that was never answered brings nothing back: that one may have been carried out") {
    update_fixture f;
    int updates = 0;
    f.service.script = [&](const auto& r) {
        if (r.method == "getCrmClients") {
            return test::success({{"clients", {{{"crm_client_id", 5}}}}});
        }
        return ++updates == 1 ? test::lost() : refused_change;
    };
    CHECK_FALSE(f.send());
    CHECK(updates == 2);
    CHECK(f.memory().find("K1")->refused);
    CHECK_FALSE(f.memory().find("K1")->client->sent.contains(field_code::email));
}

TEST_CASE("an id that another key has is not believed: the create is in doubt, and its connection is closed") {
    fixture f("K1;a@b.pl;\n");
    f.memory().created("K9", {7, {}, {}}, wall_now());
    f.memory().commit();
    f.service.script = [](const auto&) { return test::created(7); };
    const auto back = f.send();
    REQUIRE(back);
    CHECK(f.service.closed == 1);
    CHECK(f.memory().key_of_client(7) == "K9");
    CHECK(f.memory().find("K1")->in_doubt);
}

TEST_CASE("an id that was there before is believed only when its client is as it was sent; then ids do not rise") {
    fixture f("K1;a@b.pl;\n");
    f.memory().saw_id(100);
    std::string shown;
    f.service.script = [&](const auto& r) {
        return r.method == "addCrmClient"
                   ? test::created(50)
                   : test::success({{"clients", {{{"crm_client_id", 50}, {"login", shown}, {"email", "a@b.pl"}}}}});
    };
    SUBCASE("a stranger") {
        shown = "K77";
        CHECK(f.send());
        CHECK(f.memory().ids_rise());
    }
    SUBCASE("the row's own") {
        shown = "K1";
        CHECK_FALSE(f.send());
        CHECK(f.memory().find("K1")->client->crm_client_id == 50);
        CHECK_FALSE(f.memory().ids_rise());
    }
}

TEST_CASE("an id far above those that are known is believed only when its client is as it was sent") {
    fixture f("K1;a@b.pl;\n");
    f.memory().saw_id(5);
    f.service.script = [&](const auto& r) {
        return r.method == "addCrmClient"
                   ? test::created(9000)
                   : test::success({{"clients", {{{"crm_client_id", 9000}, {"login", "K77"}, {"email", "x@y.pl"}}}}});
    };
    CHECK(f.send());
    CHECK(f.memory().find("K1")->in_doubt);
    CHECK_FALSE(f.memory().key_of_client(9000));
}

TEST_CASE("an update that is answered with another id is in doubt, and the id is not adopted") {
    update_fixture f;
    boost::json::array there;
    f.service.script = [&](const auto& r) {
        return r.method == "getCrmClients" ? test::success({{"clients", there}}) : test::created(99);
    };
    SUBCASE("its own client is there: the next run sends it again") {
        there = {{{"crm_client_id", 5}}};
        CHECK_FALSE(f.send());
        CHECK(f.memory().find("K1")->client->crm_client_id == 5);
        CHECK_FALSE(f.memory().find("K1")->in_doubt);
        CHECK_FALSE(f.memory().find("K1")->client->sent.contains(field_code::email));
        CHECK(f.observer.doubts.at(0).is_update);
    }
    SUBCASE("its own client is gone: it may have been made anew, which a person decides or the next look-up") {
        CHECK_FALSE(f.send());
        CHECK(f.memory().find("K1")->in_doubt);
        CHECK(f.observer.doubts.at(0).candidates == std::vector<std::int64_t>{99});
    }
    CHECK(f.service.closed == 1);
    CHECK(f.rows().of(outcome::in_doubt) == 1);
}

TEST_CASE("clients that are all gone are another account's, and none is taken for deleted") {
    update_fixture f;
    for (std::int64_t id = 11; id <= 14; ++id) {
        f.memory().created("K" + std::to_string(id), {id, {}, {}}, wall_now());
    }
    f.memory().commit();
    f.service.script = [&](const auto& r) { return r.method == "getCrmClients" ? nobody : refused_change; };
    CHECK_FALSE(f.send());
    CHECK(f.stop.code() == exit_code::refused);
    CHECK(contains(f.stop.reason(), "most likely another account"));
    CHECK_FALSE(f.memory().find("K1")->client->deleted);
    CHECK(f.rows().of(outcome::not_reached) == 1);
}

TEST_CASE("a stop before the request leaves the row to the next run") {
    fixture f("K1;a@b.pl;\n");
    f.service.script = [](const auto&) { return test::created(7); };
    auto item = f.work_of(0);
    f.stop.request(exit_code::stopped, "enough");
    api_caller api = f.new_caller();
    row_sender sender({.job = f.first.job(),
                       .places = *f.places,
                       .memory = f.memory(),
                       .notes = f.memory(),
                       .recorder = f.recorder,
                       .under_way = f.under_way,
                       .stop = f.stop});
    CHECK(f.clock.run(sender.send(api, *item)) == row_sender::ending::settled);
    CHECK(f.rows().of(outcome::not_reached) == 1);
    CHECK(f.service.requests.empty());
}
