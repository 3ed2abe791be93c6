#include "baseload/maintenance/doubt_decision.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "baseload/session/client_reader.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/job_session.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

intent find_doubt(journal& j, const std::string& key) {
    if (auto doubt = j.find_intent(key)) {
        return *std::move(doubt);
    }
    const std::vector<std::string> doubtful = j.doubtful_keys();
    throw command_error(exit_code::usage,
                        doubtful.empty() ? fmt::format("{} is not in doubt, nor is any other key", in_quotes(key))
                                         : fmt::format("{} is not in doubt{}; baseload export lists those that are",
                                                       in_quotes(key), did_you_mean(key, doubtful)));
}

// What the account shows of a client, notes and extra fields included.
asio::awaitable<listed_client> fetch(account_session& session, std::int64_t crm_client_id) {
    api_caller api = session.new_caller();
    client_reader reader(api);
    auto there = co_await reader.find(crm_client_id);
    if (there && there->has_value()) {
        // The listing says whether the account has the client; getCrmClientData adds notes and extra fields, and takes
        // the place of nothing (merge keeps what is there). If it cannot be read, these are not confirmed, and the next
        // run sends them.
        listed_client client = std::move(**there);
        if (auto data = co_await reader.data(crm_client_id)) {
            client.fields.merge(data->fields);
        }
        co_return client;
    }
    // A stop has its own reason, which says more than the failed request.
    session.throw_if_stopped();
    if (!there) {
        throw command_error(exit_code::stopped,
                            fmt::format("the account could not be asked for client {} ({}); nothing was decided",
                                        crm_client_id, there.error().problem));
    }
    throw command_error(
        exit_code::usage,
        fmt::format("the account has no client {}; look its number up in the panel, or say --create", crm_client_id));
}

}  // namespace

std::vector<std::string> resolve_as(const settings& job, const std::string& key, std::int64_t crm_client_id,
                                    bool same_account) {
    job_session opened(job, {.same_account = same_account});
    journal& j = opened.memory();
    // What the intent says was sent. If it cannot be read back, nothing is confirmed, and all fields are sent.
    const auto sent = read_client_fields(find_doubt(j, key).parameters);
    if (const auto owner = j.key_of_client(crm_client_id)) {
        throw command_error(exit_code::usage, fmt::format("client {} is that of {} already; one client is one row's",
                                                          crm_client_id, in_quotes(*owner)));
    }
    opened.confirm_account();
    opened.account().throw_if_stopped();
    const listed_client there = opened.account().run(fetch(opened.account(), crm_client_id));
    known_client client{.crm_client_id = crm_client_id, .record_hash = {}, .sent = {}, .deleted = false};
    std::vector<std::string> differing;
    if (sent) {
        client.sent = confirmed(there, *sent);
        for (const client_field& field : *sent) {
            if (!client.sent.contains(field.code)) {
                differing.push_back(field_name(field.code));
            }
        }
    }
    // linked() would count the client as created by the intent's run, and an undo of that run would delete it.
    j.withdraw(key);  // no run is known to have created it
    j.linked(key, client, wall_now());
    j.commit();
    return differing;
}

// No account is opened: nothing is asked, and the person's word is enough.
void resolve_as_absent(const settings& job, const std::string& key) {
    const auto j = open_job_journal(job);
    static_cast<void>(find_doubt(*j, key));
    j->withdraw(key);
    // Or [journal] before_create = "look up" would find the same client again, and hold the create
    // (import/row_sender.cpp).
    j->remember(note_of_absence(key), "by hand");
    j->commit();
}

}  // namespace baseload
