#include "baseload/run/account_listing.hpp"

#include "account_reading.hpp"
#include "ask.hpp"
#include "baseload/config/token.hpp"
#include "baseload/core/stop.hpp"
#include "job_journal.hpp"
#include "kept_lists.hpp"
#include "name_lookup.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// One list of the account's, or why it could not be read.
template <class Item>
asio::awaitable<read_result<std::vector<Item>>>
read(caller& line, api_call call, std::optional<std::vector<Item>> (*read_body)(const std::string&)) {
    const std::string method = call.method;
    const read_result<std::string> body = co_await ask(line, std::move(call));
    if (!body) {
        co_return tl::unexpected(body.error());
    }
    std::optional<std::vector<Item>> items = read_body(*body);
    if (!items) {
        co_return tl::unexpected("the service's answer to " + method + " is no such list");
    }
    co_return std::move(*items);
}

// A list without which there is nothing to tell.
template <class Item>
asio::awaitable<void> require(account_session& account, caller& line, api_call call,
                              std::optional<std::vector<Item>> (*read_body)(const std::string&),
                              std::vector<Item>& into) {
    read_result<std::vector<Item>> items = co_await read(line, std::move(call), read_body);
    account.throw_if_stopped();
    if (!items) {
        throw stop(exit_code::stopped, fmt::format("the account could not be read ({})", items.error()));
    }
    into = std::move(*items);
}

// Most accounts have no integration; to some the method is closed.
asio::awaitable<void> read_all_contractors(caller& line, account_listing& into) {
    const read_result<std::vector<std::int64_t>> integrations =
        co_await read(line, list_integrations(), read_integrations);
    if (!integrations) {
        into.contractors_unread = integrations.error();
        co_return;
    }
    for (const std::int64_t integration : *integrations) {
        const read_result<std::vector<contractor>> found =
            co_await read(line, list_contractors(integration), read_contractors);
        if (!found) {
            into.contractors_unread = found.error();
            co_return;
        }
        into.contractors.insert(into.contractors.end(), found->begin(), found->end());
    }
}

struct wanted_lists {
    bool statuses = true;
    bool extra_fields = true;
    bool contractors = true;
};

asio::awaitable<void> read_account(account_session& account, wanted_lists wanted, account_listing& into) {
    caller line = account.new_caller();
    if (wanted.statuses) {
        co_await require(account, line, list_statuses(), read_statuses, into.statuses);
    }
    if (wanted.extra_fields) {
        co_await require(account, line, list_extra_field_types(), read_extra_field_types, into.extra_fields);
    }
    if (wanted.contractors) {
        into.contractors.clear();
        co_await read_all_contractors(line, into);
    }
}

}  // namespace

account_listing list_account(const settings& job) {
    account_session account(job, read_token(job.account));
    account_listing listing;
    account.run(read_account(account, {}, listing));
    account.throw_if_stopped();
    listing.requests = account.line().requests();
    return listing;
}

void keep_listing(const settings& job, const account_listing& listing) {
    if (lists_of(job).any() || !job.extra_fields.empty()) {
        keep_lists(*open_job_journal(job), listing, true, true, listing.contractors_unread.empty());
    }
}

void read_lists(account_session& account, bool statuses, bool extra_fields, bool contractors, account_listing& into) {
    account.run(read_account(account, {statuses, extra_fields, contractors}, into));
    account.throw_if_stopped();
    if (contractors && !into.contractors_unread.empty()) {
        throw stop(
            exit_code::stopped,
            fmt::format("the account's contractors could not be read ({}); where that stays so, map their names to "
                        "numbers in the job, without lookup",
                        into.contractors_unread));
    }
}

}  // namespace baseload
