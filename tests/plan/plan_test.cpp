#include "baseload/plan/plan.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

const content_hash yesterday = content_hash_of("yesterday");
const content_hash today = content_hash_of("today");

client_fields fields(const std::string& email, const std::string& phone) {
    return {{field_code::phone, phone}, {field_code::email, email}};
}

journal_entry client_with(const client_fields& sent, content_hash record) {
    known_client client{.crm_client_id = 42, .record_hash = record, .sent = {}};
    for (const client_field& field : sent) {
        client.sent[field.code] = hash_of_value(field.value);
    }
    return {.client = client, .refused = {}, .in_doubt = false, .status_before_missing = {}};
}

}  // namespace

TEST_CASE("an unknown key is created with all that is not blank") {
    const row_plan p = decide(fields("a@b.pl", ""), today, std::nullopt, {});
    CHECK(p.action == plan_action::create);
    REQUIRE(p.send.size() == 1);
    CHECK(p.send[0].code == field_code::email);
    CHECK(p.known_after.size() == 2);  // that the phone is blank is known, though it was not sent
}

TEST_CASE("a new client without a single value is rejected") {
    CHECK(decide({}, today, std::nullopt, {}).action == plan_action::reject);
    CHECK(decide(fields("", ""), today, std::nullopt, {}).action == plan_action::reject);
}

TEST_CASE("a changed row sends the fields that changed, and no other") {
    const row_plan p = decide(fields("new@b.pl", "123"), today, client_with(fields("a@b.pl", "123"), yesterday), {});
    CHECK(p.action == plan_action::update);
    CHECK(p.crm_client_id == 42);
    REQUIRE(p.send.size() == 1);
    CHECK(p.send[0].code == field_code::email);
}

TEST_CASE("a field that is blank now, and was sent before, is cleared") {
    const row_plan p = decide(fields("", "123"), today, client_with(fields("a@b.pl", "123"), yesterday), {});
    CHECK(p.action == plan_action::update);
    REQUIRE(p.send.size() == 1);
    CHECK(is_blank(p.send[0].value));
}

TEST_CASE("a field that is to be cleared and was never sent is sent once: staff may have filled it in") {
    const journal_entry known = client_with({{field_code::email, std::string("a@b.pl")}}, yesterday);
    const row_plan p = decide(fields("a@b.pl", ""), today, known, {});
    CHECK(p.action == plan_action::update);
    REQUIRE(p.send.size() == 1);
    CHECK(is_blank(p.send[0].value));
    CHECK(decide(fields("a@b.pl", ""), today, client_with(fields("a@b.pl", ""), yesterday), {}).action ==
          plan_action::refresh_hash);
}

TEST_CASE("a row whose mapped fields did not change is noted, or needs nothing") {
    const client_fields same = fields("a@b.pl", "123");
    CHECK(decide(same, today, client_with(same, yesterday), {}).action == plan_action::refresh_hash);
    CHECK(decide(same, today, client_with(same, today), {}).action == plan_action::nothing);
}

TEST_CASE("a field that left the job is left alone") {
    const journal_entry known = client_with(fields("a@b.pl", "123"), yesterday);
    const row_plan p = decide({{field_code::email, std::string("a@b.pl")}}, today, known, {});
    CHECK(p.action == plan_action::refresh_hash);
}

TEST_CASE("a key in doubt is held, whatever its row says") {
    journal_entry known;
    known.in_doubt = true;
    CHECK(decide(fields("a@b.pl", ""), today, known, {.retry_refused = true}).action == plan_action::look_up);
}

TEST_CASE("a row that was refused is not sent again unchanged, unless asked") {
    journal_entry known;
    known.refused = refusal{today, "ERROR_X", "no"};
    CHECK(decide(fields("a@b.pl", ""), today, known, {}).action == plan_action::skip_refused);
    CHECK(decide(fields("a@b.pl", ""), today, known, {.retry_refused = true}).action == plan_action::create);
    known.refused->record_hash = yesterday;
    CHECK(decide(fields("a@b.pl", ""), today, known, {}).action == plan_action::create);
}

TEST_CASE("a refused update stays an update") {
    journal_entry known = client_with(fields("a@b.pl", "123"), yesterday);
    known.refused = refusal{today, "ERROR_X", "no"};
    CHECK(decide(fields("new@b.pl", "123"), today, known, {}).action == plan_action::skip_refused);
    CHECK(decide(fields("new@b.pl", "123"), today, known, {.retry_refused = true}).action == plan_action::update);
}
