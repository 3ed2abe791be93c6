#include "sandbox/methods.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace baseload::sandbox;
namespace json = boost::json;

namespace {

class account {
public:
    explicit account(std::string changes = {}) : settings(with(std::move(changes))) {}

    json::object call(std::string_view method, const std::string& parameters) {
        return methods_.call(method, parameters);
    }

    std::string code(std::string_view method, const std::string& parameters) {
        const json::object answer = call(method, parameters);
        const json::value* found = answer.if_contains("error_code");
        return found == nullptr ? "" : std::string(found->as_string());
    }

    options settings;

private:
    static options with(std::string changes) {
        options o;
        o.changes = std::move(changes);
        return o;
    }

    store store_{""};
    methods methods_{store_, settings};
};

}  // namespace

TEST_CASE("a client is created, updated in the given fields alone, listed, read and deleted") {
    account a;
    CHECK(json::serialize(
              a.call("addCrmClient", R"({"email":"a@b.pl","phone":"1","notes":"n","invoice_tax_id":"PL 526-1"})")) ==
          R"({"status":"SUCCESS","crm_client_id":1})");
    CHECK(a.code("addCrmClient", R"({"crm_client_id":1,"phone":"2"})").empty());
    const json::value listed = a.call("getCrmClients", R"({"filter_email":"A@b"})")["clients"];
    CHECK(listed == json::parse(R"([{"email":"a@b.pl","invoice_tax_id":"PL5261","phone":"2","crm_client_id":1}])"));
    CHECK(json::serialize(a.call("getCrmClientData", R"({"crm_client_id":"1"})")["notes"]) == "\"n\"");
    CHECK(a.code("deleteCrmClient", R"({"crm_client_id":1})").empty());
    CHECK(a.code("deleteCrmClient", R"({"crm_client_id":1})") == "ERROR_CRM_CLIENT_NOT_FOUND");
    CHECK(a.code("addCrmClient", R"({"crm_client_id":1,"phone":"2"})") == "ERROR_CRM_CLIENT_NOT_FOUND");
    CHECK(json::serialize(a.call("addCrmClient", "{}")["crm_client_id"]) == "2");  // ids are never used again
}

TEST_CASE("a listing has a hundred clients a page") {
    account a;
    for (int i = 0; i < 101; ++i) {
        a.call("addCrmClient", R"({"login":"x"})");
    }
    CHECK(a.call("getCrmClients", "{}")["clients"].as_array().size() == 100);
    CHECK(a.call("getCrmClients", R"({"page":2})")["clients"].as_array().size() == 1);
    CHECK(a.call("getCrmClients", R"({"page":3})")["clients"].as_array().empty());
    CHECK(a.call("getCrmClients", R"({"filter_crm_client_id":5})")["clients"].as_array().size() == 1);
    CHECK(a.call("getCrmClients", R"({"filter_login":"y"})")["clients"].as_array().empty());
}

TEST_CASE("what the service cannot store is refused") {
    account a;
    const std::string long_login(157, 'x');
    for (const std::string& wrong :
         {R"({"login":")" + long_login + "\"}", std::string(R"({"star":6})"), std::string(R"({"status_id":99})"),
          std::string(R"({"contractor_id":5})"), std::string(R"({"login":[]})"),
          std::string(R"({"custom_extra_fields":{"999":"x"}})"),
          std::string(R"({"custom_extra_fields":{"107":{"title":"t","file":"data:a b"}}})")}) {
        CAPTURE(wrong);
        CHECK(a.code("addCrmClient", wrong) == "ERROR_CRM_CLIENT_DATA");
    }
    CHECK(a.code("addCrmClient", "{\"login\":") == "ERROR_PARSE_JSON_PARAMETERS");
    CHECK(a.code("addCrmClient", "5") == "ERROR_PARSE_JSON_PARAMETERS");
    CHECK(a.code("getOrders", "[]") == "ERROR_UNKNOWN_METHOD");
}

TEST_CASE("values are kept as the service keeps them") {
    account a;
    a.call("addCrmClient", R"({"notes":"ok 😀","star":"4","custom_extra_fields":{"101":"VIP","102":"5"}})");
    a.call("addCrmClient", R"({"crm_client_id":1,"custom_extra_fields":{"101":""}})");
    const json::object data = a.call("getCrmClientData", R"({"crm_client_id":1,"include_custom_extra_fields":true})");
    CHECK(json::serialize(data.at("notes")) == "\"ok ?\"");
    CHECK(json::serialize(data.at("star")) == "4");
    CHECK(json::serialize(data.at("custom_extra_fields")) == R"({"102":"5"})");
}

TEST_CASE("changed texts are listed, searched and read as they are stored, and cut where the field ends") {
    account a("escape,phone");
    a.call("addCrmClient", R"({"login":"A&B","phone":"600-700","invoice_postcode":"12345678901234567&89"})");
    const json::value stored = json::parse(
        R"([{"login":"A&amp;B","phone":"600700","invoice_postcode":"12345678901234567&am","crm_client_id":1}])");
    CHECK(a.call("getCrmClients", R"({"filter_login":"&amp;b"})")["clients"] == stored);
    CHECK(a.call("getCrmClients", R"({"filter_phone":"0070"})")["clients"] == stored);
    CHECK(a.call("getCrmClients", R"({"filter_login":"A&B"})")["clients"].as_array().empty());
    CHECK(a.call("getCrmClients", R"({"filter_phone":"600-700"})")["clients"].as_array().empty());
    CHECK(a.call("getCrmClientData", R"({"crm_client_id":1})")["login"] == "A&amp;B");
}

TEST_CASE("quirks on request: ids as texts, empty maps as arrays") {
    account a;
    a.settings.ids_as_strings = true;
    a.settings.empty_maps_as_arrays = true;
    CHECK(json::serialize(a.call("addCrmClient", "{}")["crm_client_id"]) == "\"1\"");
    CHECK(json::serialize(a.call("getCrmClientData",
                                 R"({"crm_client_id":1,"include_custom_extra_fields":1})")["custom_extra_fields"]) ==
          "[]");
}

TEST_CASE("the account's furniture answers") {
    account a;
    CHECK(a.call("getCrmClientStatuses", "[]")["statuses"].as_array().size() == 3);
    CHECK(a.call("getCrmClientExtraFields", "[]")["extra_fields"].as_array().size() == 7);
    CHECK(a.call("getConnectIntegrations", "[]")["integrations"].as_array().size() == 1);
    CHECK(a.call("getConnectIntegrationContractors", R"({"connect_integration_id":7})")["contractors"]
              .as_array()
              .size() == 2);
}
