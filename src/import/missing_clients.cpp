#include "missing_clients.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/session/call_each.hpp"
#include "baseload/session/client_change.hpp"
#include "baseload/session/client_reader.hpp"
#include "baseload/session/group_commit.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace baseload {

namespace asio = boost::asio;

namespace {

// Keys that the summary names; the count is of all.
constexpr std::size_t max_named = 20;

const char* name_of(missing_action action) {
    switch (action) {
    case missing_action::status: return "status";
    case missing_action::remove: return "delete";
    default: return "report";
    }
}

// Who is missing since the last full run, and who has come back.
std::vector<fingerprint> newly_missing(const survey& found, journal& j) {
    const std::set<fingerprint> missing(found.missing.begin(), found.missing.end());
    std::set<fingerprint> absent;
    j.each_absent([&](const fingerprint& key) { absent.insert(key); });
    // Who has come back can be missed again by a later run.
    for (const fingerprint& key : absent) {
        if (!missing.contains(key)) {
            j.present(key);
        }
    }
    // A client that was made since the last full run was not in it, and cannot be missed.
    const std::int64_t last_full_run = j.last_full_run();
    std::vector<fingerprint> newly;
    for (const fingerprint& key : missing) {
        if (absent.contains(key)) {
            continue;
        }
        const std::optional<run_client> client = j.client_of(key);
        // Absent from now on, as if a full run had not had it: only who comes and goes again is acted on.
        if (client && client->created_run > last_full_run) {
            j.absent(key);
        } else {
            newly.push_back(key);
        }
    }
    return newly;
}

// Why nobody is to be acted on; blank when nothing speaks against it.
// One wrong file must not delete or mark a whole account (tests/process/missing_test.py).
std::string objection(const settings& job, const survey& found, std::uint64_t newly, journal& j) {
    if (found.rows_without_key > 0) {
        return fmt::format("{} no key that can be read, so nobody can say whose they are; nobody was touched",
                           found.rows_without_key == 1 ? "1 row has" : grouped(found.rows_without_key) + " rows have");
    }
    const std::uint64_t before = j.last_full_records().value_or(0);
    // Without a full run before, `before` is 0 and any missing key is too many.
    if (static_cast<double>(newly) > job.missing.max_share * static_cast<double>(before)) {
        return fmt::format("more than [missing] max_missing = \"{:g}%\" of the last full run's {}, as if the file was "
                           "cut off; nobody was touched. If it is whole, raise max_missing for one run",
                           job.missing.max_share * 100, counted(before, "row"));
    }
    return {};
}

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
        if (!removes) {
            const std::optional<std::int64_t> before = co_await status_of(api, id);
            if (before && *before != missing_.status_id) {  // a try without an answer may have given it already
                journal_.status_before_missing(client->key, before);
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

}  // namespace

missing_summary settle_missing(const settings& job, const survey& found, account_session& account, journal& j) {
    missing_summary summary;
    // Also for `ignore`: who is absent is written down, so that a job that asks later acts on nobody who was missing
    // long before.
    std::vector<fingerprint> newly = newly_missing(found, j);
    const missing_action action = job.missing.action;
    if (found.rows_without_key > 0 && (action == missing_action::ignore || action == missing_action::report)) {
        newly.clear();  // nobody can say whose these rows are
    }
    if (action != missing_action::ignore) {
        summary.action = name_of(action);
        summary.count = newly.size();
        for (std::size_t i = 0; i < newly.size() && i < max_named; ++i) {
            if (const auto client = j.client_of(newly[i])) {
                summary.keys.push_back(client->key);
            }
        }
    }
    if (action == missing_action::ignore || action == missing_action::report) {
        for (const fingerprint& key : newly) {
            j.absent(key);
        }
    } else if (!newly.empty()) {
        summary.note = objection(job, found, newly.size(), j);
        if (summary.note.empty()) {
            actor acts(job, account, j, summary);
            call_each(account, job.account.connections, newly.size(),
                      [&](api_caller& api, std::size_t i) { return acts.act(api, newly[i]); });
        } else {
            // Nobody becomes absent, and the run is no base for the next (run_history.hpp): the same keys are newly
            // missing again.
            summary.refused = true;
        }
    }
    j.commit();
    return summary;
}

}  // namespace baseload
