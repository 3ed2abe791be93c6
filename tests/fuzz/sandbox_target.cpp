// What a client sends to the sandbox: decoded in each of the forms, and handed to every method. No input may end it.
#include "sandbox/methods.hpp"
#include "sandbox/request_form.hpp"
#include "sandbox/store.hpp"

#include <array>
#include <boost/json/serialize.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace baseload;

namespace {

constexpr std::array<std::string_view, 14> names = {"addCrmClient",
                                                    "getCrmClients",
                                                    "getCrmClientData",
                                                    "deleteCrmClient",
                                                    "getCrmClientStatuses",
                                                    "addCrmClientStatus",
                                                    "deleteCrmClientStatus",
                                                    "getCrmClientStatusGroups",
                                                    "addCrmClientStatusGroup",
                                                    "deleteCrmClientStatusGroup",
                                                    "getCrmClientExtraFields",
                                                    "getConnectIntegrations",
                                                    "getConnectIntegrationContractors",
                                                    "getOrders"};

// Each answer is whole: it says how it went, and can be written.
void call(sandbox::methods& service, std::string_view method, const std::string& parameters) {
    const boost::json::object answer = service.call(method, parameters);
    const boost::json::value* status = answer.if_contains("status");
    if (status == nullptr || !status->is_string() || boost::json::serialize(answer).empty()) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const std::string text(reinterpret_cast<const char*>(bytes), count);
    sandbox::options o;
    // The first byte chooses how this service takes what nobody knows of the real one.
    o.cuts_overlong = count > 0 && (bytes[0] & 1U) != 0;
    o.accepts_unknown_status = count > 0 && (bytes[0] & 2U) != 0;
    o.unix_dates = count > 0 && (bytes[0] & 4U) != 0;
    o.changes = count > 0 && (bytes[0] & 8U) != 0 ? "escape,nfd" : "";
    sandbox::store clients("", o.statuses);
    sandbox::methods service(clients, o);
    call(service, "addCrmClient", R"({"login":"K1","email":"a@example.pl","custom_extra_fields":{"101":"A"}})");
    for (const std::string_view name : names) {
        call(service, name, text);
        if (count > 0) {
            call(service, name, text.substr(1));
        }
    }
    const std::size_t line = text.find('\n');
    for (const auto& form :
         {sandbox::parse_form(text), sandbox::parse_unencoded(text),
          line == std::string::npos
              ? std::nullopt
              : sandbox::parse_multipart(text.substr(0, line), std::string_view(text).substr(line + 1))}) {
        if (form) {
            call(service, form->method, form->parameters);
        }
    }
    return 0;
}
