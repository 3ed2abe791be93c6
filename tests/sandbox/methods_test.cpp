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

    store store_{"", options{}.statuses};
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
    // All that is listed (documented), in the words of the method's page.
    CHECK(listed == json::parse(R"([{"login":"","phone":"2","email":"a@b.pl","invoice_company":"","invoice_fullname":"",
        "invoice_address":"","invoice_postcode":"","invoice_city":"","invoice_state":"","invoice_country_code":"",
        "invoice_tax_id":"PL5261","delivery_company":"","delivery_fullname":"","delivery_address":"",
        "delivery_postcode":"","delivery_city":"","delivery_state":"","delivery_country_code":"","status_id":0,"star":0,
        "contractor_id":0,"crm_client_id":1}])"));
    CHECK(a.call("getCrmClients", R"({"filter_invoice_tax_id":"pl-52 61"})")["clients"].as_array().size() == 1);
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
    const json::object stored = a.call("getCrmClients", R"({"filter_login":"&amp;b"})")["clients"].at(0).as_object();
    CHECK(stored.at("login") == "A&amp;B");
    CHECK(stored.at("phone") == "600700");
    CHECK(stored.at("invoice_postcode") == "12345678901234567&am");
    CHECK(a.call("getCrmClients", R"({"filter_phone":"0070"})")["clients"].as_array().size() == 1);
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
    const json::object integrations = a.call("getConnectIntegrations", "[]")["integrations"].as_object();
    CHECK(integrations.at("own_integrations").at(0).at("connect_integration_id") == 7);
    CHECK(integrations.at("connected_integrations").at(0).as_object().contains("settings"));
    const auto contractors = [&](const char* of) {
        return a.call("getConnectIntegrationContractors", of)["contractors"].as_object();
    };
    // By keys that are not the ids.
    CHECK(contractors(R"({"connect_integration_id":7})").at("12").at("connect_contractor_id") == 201);
    CHECK(contractors(R"({"connect_integration_id":8})").size() == 1);
    CHECK(contractors("[]").empty());
}

TEST_CASE("no number ends the stand-in") {
    account a;
    a.call("addCrmClient", R"({"login":"Żółw"})");
    for (const char* number : {"1.5", "1e300", "-1e300", "18446744073709551615", "9223372036854775807", "\"x\"", "null",
                               "[]", "{}", "true", "-9223372036854775808"}) {
        CAPTURE(number);
        for (const char* name :
             {"page", "crm_client_id", "filter_crm_client_id", "filter_status_id", "status_id", "star", "contractor_id",
              "connect_integration_id", "target_status_id", "group_id", "login", "custom_extra_fields"}) {
            for (const char* method :
                 {"getCrmClients", "getCrmClientData", "addCrmClient", "deleteCrmClient", "deleteCrmClientStatus",
                  "addCrmClientStatus", "deleteCrmClientStatusGroup", "getConnectIntegrationContractors"}) {
                CHECK(a.call(method, std::string("{\"") + name + "\":" + number + "}").contains("status"));
            }
        }
    }
    CHECK(a.call("getCrmClients", R"({"page":1.0})")["clients"].as_array().size() > 0);
    CHECK(a.call("getCrmClients", R"({"page":9223372036854775807})")["clients"].as_array().empty());
}

TEST_CASE("what the documentation leaves open is by option") {
    account a;
    a.settings.cuts_overlong = true;
    a.settings.accepts_unknown_status = true;
    a.settings.unix_dates = true;
    a.settings.newest_first = true;
    const std::string long_name(600, 'x');
    CHECK(a.code("addCrmClient", R"({"invoice_fullname":")" + long_name + R"(","status_id":99,"custom_extra_fields":)" +
                                     R"({"106":"2022-03-10","107":{"title":"u.pdf","file":"data:aGk="}}})")
              .empty());
    a.call("addCrmClient", R"({"login":"ŁÓDŹ"})");
    const json::object first = a.call("getCrmClientData", R"({"crm_client_id":1,"include_custom_extra_fields":true})");
    CHECK(first.at("invoice_fullname").as_string().size() == 500);
    CHECK(first.at("status_id") == 99);
    CHECK(first.at("custom_extra_fields").at("106") == "1646870400");
    CHECK(first.at("custom_extra_fields").at("107").at("title") == "u.pdf");
    CHECK(first.at("custom_extra_fields").at("107").as_object().contains("url"));
    CHECK_FALSE(first.at("custom_extra_fields").at("107").as_object().contains("file"));
    CHECK(a.call("getCrmClients", "[]")["clients"].at(0).at("crm_client_id") == 2);
    // Case is that of Unicode.
    CHECK(a.call("getCrmClients", R"({"filter_login":"łód"})")["clients"].as_array().size() == 1);
}

TEST_CASE("statuses and their groups are made, used and deleted") {
    account a;
    CHECK(a.call("addCrmClientStatusGroup", R"({"name":"Stali"})")["group_id"] == 1);
    CHECK(a.call("addCrmClientStatus", R"({"name":"VIP","group_id":1})")["status_id"] == 4);
    CHECK(a.code("addCrmClientStatus", R"({"name":"a name of more than thirty letters"})") == "ERROR_CRM_STATUS_DATA");
    CHECK(a.code("addCrmClient", R"({"status_id":4})").empty());
    CHECK(a.code("deleteCrmClientStatus", R"({"status_id":4,"target_status_id":4})") == "ERROR_CRM_STATUS_NOT_FOUND");
    CHECK(a.code("deleteCrmClientStatus", R"({"status_id":4,"target_status_id":2})").empty());
    CHECK(a.call("getCrmClientData", R"({"crm_client_id":1})")["status_id"] == 2);
    CHECK(a.call("getCrmClientStatusGroups", "[]")["groups"].as_array().size() == 1);
    CHECK(a.code("deleteCrmClientStatusGroup", R"({"group_id":1})").empty());
    CHECK(a.code("addCrmClient", R"({"status_id":4})") == "ERROR_CRM_CLIENT_DATA");
}
