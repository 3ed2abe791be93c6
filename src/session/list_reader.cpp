#include "baseload/session/list_reader.hpp"

#include "baseload/config/token.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/field_code.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// Each costs a request.
constexpr std::size_t max_sampled_clients = 5;

template <class Item>
using body_reader = result<std::vector<Item>> (*)(const std::string& body);

template <class Item>
asio::awaitable<result<std::vector<Item>>> read_list(api_caller& api, api_call call, body_reader<Item> read_body) {
    const std::string method = call.method;
    const result<std::string> body = co_await api.read(std::move(call));
    if (!body) {
        co_return failure(body.error());
    }
    result<std::vector<Item>> items = read_body(*body);
    if (!items) {
        co_return failure("the service's answer to " + method + " is no such list");
    }
    co_return items;
}

// A list without which there is nothing to tell.
template <class Item>
asio::awaitable<std::vector<Item>> require(account_session& session, api_caller& api, api_call call,
                                           body_reader<Item> read_body) {
    result<std::vector<Item>> items = co_await read_list(api, std::move(call), read_body);
    session.throw_if_stopped();
    if (!items) {
        throw command_error(exit_code::stopped,
                            fmt::format("the account could not be read ({})", items.error().problem));
    }
    co_return std::move(*items);
}

// Most accounts have no integration; to some the method is closed.
asio::awaitable<result<std::vector<contractor>>> read_all_contractors(api_caller& api) {
    const auto integrations = co_await read_list(api, list_integrations(), read_integrations);
    if (!integrations) {
        co_return failure(integrations.error());
    }
    std::vector<contractor> all;
    // One after the other, each a request under the limit: accounts have few integrations.
    for (const std::int64_t integration : *integrations) {
        const auto found = co_await read_list(api, list_contractors(integration), read_contractors);
        if (!found) {
            co_return failure(found.error());
        }
        all.insert(all.end(), found->begin(), found->end());
    }
    co_return all;
}

// In which form an account keeps dates is inferred alone (src/api/README.md): a client's value tells. A sample that
// cannot be read is left out, since the lists are what was asked for.
asio::awaitable<std::map<std::int64_t, std::string>> read_date_samples(api_caller& api,
                                                                       const std::vector<extra_field_type>& fields) {
    std::set<std::int64_t> wanted;
    for (const extra_field_type& field : fields) {
        if (field.editor == "date") {
            wanted.insert(field.id);
        }
    }
    std::map<std::int64_t, std::string> samples;
    if (wanted.empty()) {
        co_return samples;
    }
    client_reader clients(api);
    const auto page = co_await clients.list(std::nullopt, 1);
    for (std::size_t i = 0; page && i < page->size() && i < max_sampled_clients && !wanted.empty(); ++i) {
        const auto client = co_await clients.data((*page)[i].crm_client_id);
        if (!client) {
            break;
        }
        for (const auto& [code, value] : client->fields) {
            const auto id = extra_field_id(code);
            if (id && !value.empty() && wanted.erase(*id) > 0) {
                samples[*id] = value;
            }
        }
    }
    co_return samples;
}

asio::awaitable<account_listing> read_account(account_session& session, list_selection selected,
                                              account_listing known) {
    api_caller api = session.new_caller();
    if (selected.statuses) {
        known.statuses = co_await require(session, api, list_statuses(), read_statuses);
    }
    if (selected.extra_fields) {
        known.extra_fields = co_await require(session, api, list_extra_field_types(), read_extra_field_types);
    }
    if (selected.contractors) {
        auto contractors = co_await read_all_contractors(api);
        if (contractors) {
            known.contractors = std::move(*contractors);
        } else {
            // Those of an earlier time are not shown as if they were of now.
            known.contractors.clear();
            known.contractors_fault = std::move(contractors.error());
        }
    }
    co_return known;
}

account_listing read_selected(account_session& session, const list_selection& selected, account_listing known) {
    account_listing listing = session.run(read_account(session, selected, std::move(known)));
    session.throw_if_stopped();
    listing.requests = session.health().requests();
    return listing;
}

}  // namespace

account_listing list_account(const settings& job) {
    account_session session(job, read_token(job.account));
    account_listing listing = read_selected(session, {.statuses = true, .extra_fields = true, .contractors = true}, {});
    api_caller api = session.new_caller();
    listing.date_samples = session.run(read_date_samples(api, listing.extra_fields));
    listing.requests = session.health().requests();
    return listing;
}

account_listing read_lists(account_session& session, const list_selection& selected, account_listing known) {
    account_listing listing = read_selected(session, selected, std::move(known));
    if (selected.contractors && listing.contractors_fault) {
        throw command_error(
            exit_code::stopped,
            fmt::format("the account's contractors could not be read ({}); where that stays so, map their names to "
                        "numbers in the job, without lookup",
                        listing.contractors_fault->problem));
    }
    return listing;
}

}  // namespace baseload
