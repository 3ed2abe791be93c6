#include "missing_clients.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/field_table.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/session/call_each.hpp"
#include "baseload/session/client_change.hpp"
#include "baseload/session/client_reader.hpp"
#include "baseload/session/group_commit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace baseload {

namespace asio = boost::asio;

namespace {

// Acts on one client after the other.
class actor {
public:
    actor(const settings& job, account_session& account, journal& j, missing_summary& summary)
        : missing_(job.missing), journal_(j), commits_(account.clock(), j), summary_(summary) {}

    asio::awaitable<void> act(api_caller& api, const fingerprint& key) {
        // The key may have lost its client since the first pass.
        const std::optional<run_client> client = journal_.client_of(key);
        if (!client) {
            co_return;
        }
        const bool removes = missing_.action == missing_action::remove;
        const std::int64_t id = client->crm_client_id;
        const std::optional<journal_entry> entry = removes ? journal_.find(client->key) : std::nullopt;
        if (removes) {
            // A kill from here on leaves nothing known of the client: should its row come back, the client is looked
            // at.
            journal_.unsettled(client->key, fields_of(entry));
            co_await commits_.durable();
        } else {
            const std::optional<std::int64_t> before = co_await status_of(api, id);
            if (before && *before != missing_.status_id) {  // a try without an answer may have given it already
                journal_.status_before_missing(client->key, before);
                // For `undo`, as with any update.
                journal_.back_up(client->key, id,
                                 add_client(std::nullopt, {{field_code::status_id, field_value{*before}}}).parameters);
            }
            // As before any update: a kill from here on leaves the status unknown, and a row that maps it sends it
            // again.
            journal_.unsettled(client->key, {field_code::status_id});
            co_await commits_.durable();
        }
        // GCC 12 destroys a conditional's temporaries twice inside a co_await.
        api_call call = removes ? delete_client(id) : add_client(id, status());
        const change_result result = co_await change_client(api, std::move(call), id);
        // The key is not made absent, so the next full run that misses it tries again.
        if (result.what == change_result::kind::refused || result.what == change_result::kind::not_made) {
            ++summary_.failed;
            summary_.note =
                fmt::format("client {} of {}: {}", client->crm_client_id, in_quotes(client->key), result.why);
            if (entry && entry->client) {
                journal_.reinstated(client->key, entry->client->sent, entry->client->record_hash);
            }
            co_return;
        }
        if (removes) {
            // `gone` counts as removed: the delete of a killed run may have been carried out.
            journal_.forget(client->key);
        } else {
            write_status(*client, result.what == change_result::kind::gone);
            journal_.absent(key);
        }
        co_await commits_.durable();
        ++summary_.done;
    }

private:
    // What the client has before it is given another, to be given back when its row comes again. Nothing where the
    // account does not say.
    static asio::awaitable<std::optional<std::int64_t>> status_of(api_caller& api, std::int64_t id) {
        const auto there = co_await client_reader(api).find(id);
        if (!there || !there->has_value()) {
            co_return std::nullopt;
        }
        // An account that shows no status, or 0, has none that could be given back.
        const auto shown = (*there)->fields.find(field_code::status_id);
        std::int64_t status = 0;
        if (shown != (*there)->fields.end()) {
            std::from_chars(shown->second.data(), shown->second.data() + shown->second.size(), status);
        }
        co_return status > 0 ? std::optional(status) : std::nullopt;
    }

    static std::vector<field_code> fields_of(const std::optional<journal_entry>& entry) {
        std::vector<field_code> fields;
        if (entry && entry->client) {
            for (const auto& [field, sent] : entry->client->sent) {
                fields.push_back(field);
            }
        }
        return fields;
    }

    [[nodiscard]] client_fields status() const { return {{field_code::status_id, missing_.status_id}}; }

    // Without a record, so that the row is looked at anew when it comes back.
    void write_status(const run_client& client, bool is_gone) {
        if (is_gone) {
            journal_.deleted(client.key, wall_now());
            return;
        }
        const content_hash sent = hash_of_value(field_value{missing_.status_id});
        journal_.updated(
            client.key,
            {.crm_client_id = client.crm_client_id, .record_hash = {}, .sent = {{field_code::status_id, sent}}},
            wall_now());
    }

    const missing_settings& missing_;
    journal& journal_;
    group_commit commits_;
    missing_summary& summary_;
};

// Who came back with the status for missing ones, since the account did not say which it had before.
void note_kept_status(const settings& job, const std::vector<fingerprint>& returned, journal& j,
                      missing_summary& summary) {
    const bool is_mapped = std::any_of(job.fields.begin(), job.fields.end(), [](const field_rule& rule) {
        return rule.field == field_name(field_code::status_id);
    });
    if (job.missing.action != missing_action::status || is_mapped) {
        return;
    }
    const content_hash given = hash_of_value(field_value{job.missing.status_id});
    for (const fingerprint& key : returned) {
        const auto client = j.client_of(key);
        const auto entry = client ? j.find(client->key) : std::nullopt;
        if (!entry || !entry->client || entry->status_before_missing) {
            continue;
        }
        const auto sent = entry->client->sent.find(field_code::status_id);
        if (sent != entry->client->sent.end() && sent->second == given) {
            ++summary.kept_status;
            if (summary.kept_status_keys.size() < max_named) {
                summary.kept_status_keys.push_back(client->key);
            }
        }
    }
}

}  // namespace

missing_summary settle_missing(const settings& job, const missing_keys& missing, account_session& account, journal& j) {
    missing_summary summary = summary_of(missing, job.missing, j);
    // Also where the job asks for nothing: who is absent is written down, so that a job that asks later acts on nobody
    // who was missing long before. Who has come back can be missed again by a later run.
    for (const fingerprint& key : missing.returned) {
        j.present(key);
    }
    // Absent from now on, as if a full run had not had it: only who comes and goes again is acted on.
    for (const fingerprint& key : missing.unseen) {
        j.absent(key);
    }
    const missing_action action = job.missing.action;
    if (action == missing_action::ignore || action == missing_action::report) {
        for (const fingerprint& key : missing.newly) {
            j.absent(key);
        }
        // Where it is refused nobody becomes absent, and the run is no base for the next (run_history.hpp): the same
        // keys are newly missing again.
    } else if (!missing.newly.empty() && !summary.refused) {
        actor acts(job, account, j, summary);
        call_each(account, job.account.connections, missing.newly.size(),
                  [&](api_caller& api, std::size_t i) { return acts.act(api, missing.newly[i]); });
    }
    note_kept_status(job, missing.returned, j, summary);
    j.commit();
    return summary;
}

}  // namespace baseload
