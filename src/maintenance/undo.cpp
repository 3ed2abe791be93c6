#include "baseload/maintenance/undo.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/result.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/session/call_each.hpp"
#include "baseload/session/client_change.hpp"
#include "baseload/session/group_commit.hpp"
#include "baseload/session/job_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// The undoing itself, client by client.
class undoer {
public:
    undoer(account_session& session, journal& j, undo_summary& summary)
        : session_(session), journal_(j), commits_(session.clock(), j), summary_(summary) {}

    // A delete that went unanswered is safe to repeat: the second time the account does not have the client.
    asio::awaitable<void> remove(api_caller& api, const run_client& client) {
        const change_result result =
            co_await change_client(api, delete_client(client.crm_client_id), client.crm_client_id);
        if (result.what == change_result::kind::done || result.what == change_result::kind::gone) {
            // As if the key had never been seen, so that the next run of this job creates it again.
            journal_.forget(client.key);
            // The journal first, the count second: what the summary says is on disk.
            co_await commits_.durable();
            ++(result.what == change_result::kind::done ? summary_.deleted : summary_.gone);
        } else {
            leave(client, "was not deleted", result);
        }
    }

    asio::awaitable<void> restore(api_caller& api, const run_client& client) {
        // The backup is what addCrmClient would take to put the fields back (import/row_sender.cpp writes it).
        const result<client_fields> before = read_client_fields(client.backup);
        if (!before) {
            leave(client, "was not restored", {change_result::kind::refused, "its backup cannot be read"});
            co_return;
        }
        if (before->empty()) {
            leave(client, "was not restored",
                  {change_result::kind::refused, "a file was sent, which cannot be put back"});
            co_return;
        }
        std::vector<field_code> fields;
        for (const client_field& field : *before) {
            fields.push_back(field.code);
        }
        // Like any update (src/README.md, "In doubt"): if the answer never comes, the fields are unknown, and a run
        // sends them.
        journal_.unsettled(client.key, fields);
        co_await commits_.durable();
        const change_result result =
            co_await change_client(api, add_client(client.crm_client_id, *before), client.crm_client_id);
        switch (result.what) {
        case change_result::kind::done: {
            // No record hash: the next run holds the row against what was put back, and sends its changes again.
            known_client now{.crm_client_id = client.crm_client_id, .record_hash = {}, .sent = {}, .deleted = false};
            for (const client_field& field : *before) {
                now.sent.emplace(field.code, hash_of_value(field.value));
            }
            journal_.updated(client.key, now, wall_now());
            // A second undo of the run leaves this client out.
            journal_.restored(client.key, summary_.run);
            if (now.sent.contains(field_code::status_id)) {
                journal_.status_before_missing(client.key, std::nullopt);  // it has it back
            }
            co_await commits_.durable();
            ++summary_.restored;
            break;
        }
        case change_result::kind::gone:
            journal_.deleted(client.key, wall_now());
            journal_.restored(client.key, summary_.run);
            co_await commits_.durable();
            ++summary_.gone;
            break;
        default: leave(client, "was not restored", result);
        }
    }

    void leave(const run_client& client, const char* what, const change_result& result) {
        if (result.what == change_result::kind::not_made && session_.stop().requested()) {
            return;  // the reason for the stop says it
        }
        ++summary_.left_over;
        if (summary_.left.size() < max_named) {
            summary_.left.push_back(
                fmt::format("{}, client {}, {} ({})", in_quotes(client.key), client.crm_client_id, what, result.why));
        }
    }

private:
    account_session& session_;
    journal& journal_;
    group_commit commits_;
    undo_summary& summary_;
};

run_record find_run(run_history& history, std::int64_t run) {
    std::vector<run_record> runs = history.runs();
    const auto at = std::find_if(runs.begin(), runs.end(), [&](const run_record& r) { return r.summary.run == run; });
    if (at == runs.end()) {
        throw command_error(exit_code::usage, fmt::format("the journal has no run {}; baseload runs lists them", run));
    }
    return std::move(*at);
}

}  // namespace

run_undo::~run_undo() = default;

journal& run_undo::memory() {
    return session_->memory();
}

run_undo::run_undo(settings job, std::int64_t run, bool same_account)
    : job_(std::move(job)), session_(std::make_unique<job_session>(job_, opening{.same_account = same_account})),
      created_(memory().created_by(run)), updated_(memory().backed_up_by(run)) {
    preview_.run = find_run(memory(), run);
    // Found by a look-up and then updated, in one run: it is deleted, and needs no restoring.
    std::erase_if(updated_, [&](const run_client& c) {
        return std::any_of(created_.begin(), created_.end(), [&](const run_client& made) { return made.key == c.key; });
        // What a later run sent is newer than the backup, and must not be overwritten by it.
    });
    const auto is_later = [&](const run_client& c) { return c.changed_run > run; };
    preview_.later = static_cast<std::size_t>(std::count_if(updated_.begin(), updated_.end(), is_later));
    // They are counted in the preview, and the person decides whether to go on.
    std::erase_if(updated_, is_later);
    preview_.deletions = created_.size();
    preview_.restorations = updated_.size();
    preview_.updates = preview_.run.summary.rows.of(outcome::updated);
    const missing_summary& missing = preview_.run.summary.missing;
    if (missing.action == "status") {
        preview_.updates += missing.done;
    } else if (missing.action == "delete") {
        preview_.deleted_as_missing = missing.done;
    }
    preview_.doubtful = memory().doubtful_keys_of(run).size();
}

undo_summary run_undo::carry_out() {
    account_session& session = session_->account();
    // An undo that deletes must not meet another account whose ids are the same.
    if (preview_.deletions + preview_.restorations > 0) {
        session_->confirm_account();
    }
    undo_summary summary;
    summary.run = preview_.run.summary.run;
    undoer work(session, memory(), summary);
    // The journal may fail between two clients. What was undone so far is still told.
    try {
        call_each(session, job_.account.connections, created_.size(),
                  [&](api_caller& api, std::size_t i) { return work.remove(api, created_[i]); });
        call_each(session, job_.account.connections, updated_.size(),
                  [&](api_caller& api, std::size_t i) { return work.restore(api, updated_[i]); });
        // Only wholly: otherwise a second undo has something left to do, and the history must not say that there is
        // nothing.
        if (!session.stop().requested() && summary.left_over == 0 && preview_.later == 0 && preview_.doubtful == 0) {
            memory().undone(summary.run, wall_now());
        }
        memory().commit();
    } catch (const command_error& failure) {
        session.stop().request(failure.code(), failure.what());
    }
    summary.requests = session.health().requests();
    summary.stopped_because = session.stop().reason();
    if (session.stop().requested()) {
        summary.code = session.stop().code();
    } else if (summary.left_over > 0) {
        summary.code = exit_code::incomplete;
    }
    return summary;
}

}  // namespace baseload
