#include "baseload/run/resolve.hpp"

#include "account_session.hpp"
#include "baseload/api/crm_clients.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "client_reader.hpp"
#include "job_journal.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

intent find_doubt(journal& known, const std::string& key) {
    if (auto doubt = known.find_intent(key)) {
        return *std::move(doubt);
    }
    const std::vector<std::string> doubtful = known.doubtful_keys();
    throw stop(exit_code::usage, doubtful.empty()
                                     ? fmt::format("{} is not in doubt, nor is any other key", in_quotes(key))
                                     : fmt::format("{} is not in doubt{}; baseload export lists those that are",
                                                   in_quotes(key), did_you_mean(key, doubtful)));
}

// What the account shows of a client, notes and extra fields included.
asio::awaitable<void> fetch(account_session& account, std::int64_t crm_client_id, listed_client& into) {
    caller line = account.new_caller();
    client_reader reader(line);
    auto there = co_await reader.find(crm_client_id);
    if (there && there->has_value()) {
        into = std::move(**there);
        if (auto data = co_await reader.data(crm_client_id)) {
            into.fields.merge(data->fields);
        }
        co_return;
    }
    account.throw_if_stopped();
    if (!there) {
        throw stop(exit_code::stopped, fmt::format("the account could not be asked for client {} ({}); nothing was "
                                                   "decided",
                                                   crm_client_id, there.error()));
    }
    throw stop(exit_code::usage, fmt::format("the account has no client {}; look its number up in the panel, or say "
                                             "--create",
                                             crm_client_id));
}

}  // namespace

std::vector<std::string> resolve_as(const settings& job, const std::string& key, std::int64_t crm_client_id) {
    const token secret = read_token(job.account);
    const auto known = open_job_journal(job);
    account_session account(job, secret);
    const auto sent = read_client_fields(find_doubt(*known, key).parameters);
    if (const auto owner = known->key_of_client(crm_client_id)) {
        throw stop(exit_code::usage, fmt::format("client {} is that of {} already; one client is one row's",
                                                 crm_client_id, in_quotes(*owner)));
    }
    listed_client there;
    account.run(fetch(account, crm_client_id, there));
    known_client client{.crm_client_id = crm_client_id, .record = {}, .sent = {}, .deleted = false};
    std::vector<std::string> differing;
    if (sent) {
        client.sent = confirmed(there, *sent);
        for (const client_field& field : *sent) {
            if (!client.sent.contains(field.code)) {
                differing.push_back(field_name(field.code));
            }
        }
    }
    known->withdraw(key);  // no run is known to have created it
    known->linked(key, client, wall_now());
    known->commit();
    return differing;
}

void resolve_as_absent(const settings& job, const std::string& key) {
    const auto known = open_job_journal(job);
    static_cast<void>(find_doubt(*known, key));
    known->withdraw(key);
    known->commit();
}

}  // namespace baseload
