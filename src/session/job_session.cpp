#include "baseload/session/job_session.hpp"

#include "baseload/config/token.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "baseload/session/account_check.hpp"
#include "baseload/session/job_journal.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// How far ahead the journal says that requests may leave, and how often it says so.
constexpr milliseconds ahead = std::chrono::seconds(30);
constexpr milliseconds renewal = std::chrono::seconds(15);
// A minute of the service's limit, and a second of reserve.
constexpr milliseconds window = std::chrono::seconds(61);

}  // namespace

job_session::job_session(const settings& job, const opening& how)
    : job_(job), how_(how), secret_(read_token(job.account)), journal_(open_job_journal(job, how.same_keys, how.part)),
      account_(job, secret_) {
    // Before the session begins: a journal that is refused does not count as used.
    const journal_standing standing =
        standing_of(*journal_, journal_->has_history(), job_.journal.text(), account_.state().journals(), how_.journal);
    sessions_known_ = standing.sessions;
    refuse_copied_journal();
    if (standing.objection.empty()) {
        begin_session();
        // `link` goes on with such a journal, without a session, until it has brought the journal in step.
    } else if (!how_.only_links) {
        throw command_error(exit_code::usage, standing.objection);
    }
    tell_what_may_be_lacking();
    wait_for_predecessor();
    account_.pace().must_hold([this] { return journal_->hold(); });
    // Without a limit nobody counts, so there is nothing that another state folder could have missed.
    if (job_.account.requests_per_minute > 0) {
        wait_for_other_counts();
        account_.pace().before_sending([this] { mark_sending(); });
    }
}

// In full to the first run that finds it: a person is needed once.
void job_session::tell_what_may_be_lacking() {
    if (!journal_->may_lack_clients() || how_.only_links) {
        return;
    }
    if (!journal_->recalled(note_of_loss).value_or("").empty()) {
        spdlog::info("the journal may lack customers: each new one is looked for in the account before it is created, "
                     "until baseload link or --accept-journal");
        return;
    }
    spdlog::warn(
        "the journal {} may lack what was recorded last: its database was put back from a backup, moved, or "
        "replaced by a standby, or it was brought up to date from an older version. Each new customer is looked "
        "for in the account before it is created; baseload link finds those that are missing, and ends that. "
        "If you know that none is, say --accept-journal",
        job_.journal.text());
    journal_->remember(note_of_loss, "told");
    journal_->commit();
}

// What a run that is alive somewhere had under way must not arrive after what this one sends.
void job_session::wait_for_predecessor() {
    const std::optional<milliseconds> since = journal_->since_take_over();
    if (!since) {
        return;
    }
    const milliseconds wait = job_.account.timeout + job_.account.settling_time - *since;
    if (wait.count() > 0) {
        spdlog::info("{}: nothing is sent for {}",
                     journal_->is_in_another_database()
                         ? "a run that uses the former database may still be alive"
                         : "a run that was not heard of any more may have requests under way",
                     show_duration(wait));
        account_.pace().hold_back(wait);
    }
}

// A person's word that it is used again is written down.
void job_session::refuse_copied_journal() {
    const std::string objection = objection_to_copied(*journal_, job_.journal.text());
    if (objection.empty()) {
        return;
    }
    if (!how_.journal.accept_journal) {
        throw command_error(exit_code::usage, objection);
    }
    journal_->remember(note_of_move, "");
    journal_->remember(note_of_backup, "");
    journal_->commit();
}

job_session::~job_session() {
    try {
        // What was not committed was not counted by anybody, and a lost transaction must be acknowledged before the
        // last entries.
        journal_->rollback();
        // Shortens the mark: requests that left last are settled after the settling time, and the renewal's reserve is
        // not needed.
        if (marked_at_ != wall_time{}) {
            journal_->mark_sending({account_.state().id(), wall_now() + job_.account.settling_time});
            journal_->commit();
        }
        if (in_session_) {
            journal_->end_session();
        }
        // With the count of the ended session, so that a copy which was taken while it was open is behind from now on.
        if (is_adopted_) {
            adopt_journal();
        }
    } catch (const command_error&) {
        // Then the journal stays marked as open with its log beside it, as after a kill, or the state's count is
        // behind: the next run goes on from both.
    }
}

// An old journal counts on from the newest that is known, and not from its own.
void job_session::begin_session() {
    // A person's word is written down: the next run asks for nothing.
    if (how_.journal.accept_journal && (journal_->has_lost_its_log() || journal_->may_lack_clients())) {
        take_as_whole();
    }
    if (how_.journal.accept_journal) {
        account_.state().reinstate(journal_->id());
    }
    journal_->begin_session(sessions_known_);
    in_session_ = true;
    if (journal_->has_history() && !how_.only_links) {
        adopt_journal();
    }
}

void job_session::take_as_whole() {
    journal_->take_as_whole();
    journal_->remember(note_of_loss, "");
}

void job_session::journal_is_complete(bool is_whole_source) {
    if (!in_session_) {
        begin_session();
    }
    journal_->mark_linked();
    if (is_whole_source) {
        take_as_whole();
    }
    journal_->commit();
    adopt_journal();
}

void job_session::replace(const std::vector<used_journal>& others) {
    account_.state().reinstate(journal_->id());
    for (const used_journal& other : others) {
        account_.state().replace(other.id, job_.journal.text());
    }
}

void job_session::adopt_journal() {
    is_adopted_ = true;
    account_.state().remember({.id = journal_->id(), .sessions = journal_->sessions(), .path = job_.journal.text()});
}

void job_session::confirm_account() {
    const token_mark marked = journal_->marked_token();
    // Under the journal's own salt, so that an equal token gives an equal hash.
    const token_mark now = mark_of(secret_, marked.salt);
    if (now.hash == marked.hash) {
        return;
    }
    const std::optional<bool> is_ours = how_.same_account ? true : account_has_our_clients(account_, *journal_);
    // The account could not be asked, and a stop is requested; the mark stays, so the next run asks again.
    if (!is_ours) {
        return;
    }
    if (!*is_ours) {
        throw command_error(
            exit_code::usage,
            fmt::format(
                "the token is not the one that the journal {} knows, and the account behind it does not have the "
                "clients that were sent: it is most likely another account's, and strangers would be "
                "overwritten; nothing was sent. Put the right token where [account] token_env or token_file "
                "says; if it is this account all the same, say --same-account",
                job_.journal.text()));
    }
    journal_->mark_token(now);
    journal_->commit();
}

// Durable before it is true.
void job_session::mark_sending() {
    const wall_time now = wall_now();
    // A clock that was set back is below the mark: then it is written anew.
    if (now >= marked_at_ && now < marked_at_ + renewal) {
        return;
    }
    marked_at_ = now;
    journal_->mark_sending({account_.state().id(), now + ahead + job_.account.settling_time});
    // With every renewal a copy of the journal that was taken before falls behind the state file's count.
    journal_->advance_session();
    journal_->commit();
    if (is_adopted_) {
        adopt_journal();
    }
}

// Another state file (another state folder, a new container) has counted requests that ours does not know.
void job_session::wait_for_other_counts() {
    const auto last = journal_->last_sending();
    // Our own state file has counted these requests itself.
    if (!last || last->state_id == account_.state().id()) {
        return;
    }
    // A mark from a clock that was wrong must not hold a run back for days.
    const milliseconds longest = ahead + job_.account.settling_time + window;
    const milliseconds wait = std::clamp(last->until + window - wall_now(), milliseconds(0), longest);
    if (wait.count() > 0) {
        const bool is_in_file = job_.account.limit_url.empty();
        spdlog::warn(
            "requests were sent with this journal a moment ago, and counted {}: waiting for {}, until the account "
            "has forgotten them{}",
            is_in_file ? "in another state folder" : "elsewhere", show_duration(wait),
            is_in_file ? "; [account] state_folder names one folder for all" : "");
        account_.pace().hold_back(wait);
    }
}

}  // namespace baseload
