#include "sql_journal.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/journal/journal_upkeep.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {
namespace {

std::string listed_columns(const journal_owner& owner) {
    std::vector<std::string> quoted;
    for (const std::string& column : owner.key_columns) {
        quoted.push_back(in_quotes(column));
    }
    return listed(quoted);
}

}  // namespace

void sql_journal::read() {
    refuse_half_copy();
    read_what_is_open();
    read_identity();
    sessions_found_ = sessions_;
}

// A job that was put right before its first request is no other account.
bool sql_journal::has_never_sent() {
    sql_rows s = session_.query("SELECT CASE WHEN EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM intent) "
                                "OR EXISTS (SELECT 1 FROM refusal) THEN 1 ELSE 0 END");
    return s.next() && s.integer(0) == 0;
}

void sql_journal::hold_against(const journal_owner& owner) {
    if (has_never_sent()) {
        return;
    }
    sql_rows bound = session_.query("SELECT url, name, key_columns FROM account");
    static_cast<void>(bound.next());
    const std::string url = bound.text(0);
    const std::string name = bound.text(1);
    const std::string keys = bound.text(2);
    if (url != owner.url || name != owner.name) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} belongs to the account {} at {}, and the job points to {} at {}: its ids "
                        "would overwrite strangers there; give this job a [journal] {} of its own",
                        session_.place(), in_quotes(name), url, in_quotes(owner.name), owner.url, option_));
    }
    // Compared as text, in the order of the job: the order is part of the key.
    if (keys != listed_columns(owner) && !owner.same_keys) {
        throw command_error(
            exit_code::usage,
            fmt::format("the journal {} has its keys from the columns {}, and the job takes them from {}: no row "
                        "would be known, and every customer made again. If the columns are merely called otherwise "
                        "now and the keys are the same, say so once with --same-keys; else give this job a "
                        "[journal] {} of its own",
                        session_.place(), keys, listed_columns(owner), option_));
    }
}

void sql_journal::bind_to(const journal_owner& owner) {
    hold_against(owner);
    // Every time: a new journal is bound here, one that never sent is bound anew, and --same-keys stores the new names.
    session_.change("UPDATE account SET url = ?, name = ?, key_columns = ?", owner.url, owner.name,
                    listed_columns(owner));
}

void sql_journal::refuse_half_copy() {
    if (const auto source = recalled(note_of_half_copy); source && !source->empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("the journal {0} is half a copy of {1}, which was cut off; make it whole with "
                                        "baseload journal copy {1} {0}",
                                        session_.place(), *source));
    }
}

void sql_journal::flush() {
    if (directory_.has_unwritten()) {
        directory_.flush();
        note_change();
    }
}

void sql_journal::commit() {
    flush();
    session_.commit();
    // Before anybody writes again: a fold that fails takes no row with it.
    if (is_fold_due()) {
        fold_log();
    }
    call_back();
}

// Beside other shards nobody folds.
bool sql_journal::is_fold_due() {
    return part_.is_whole() && directory_.is_log_long();
}

void sql_journal::commit_then(std::function<void()> durable) {
    if (is_fold_due()) {
        commit();
        durable();
        return;
    }
    flush();
    session_.commit_later();
    // Of the commit before, which this one has waited for.
    call_back();
    durable_ = std::move(durable);
    static_cast<void>(is_committed());
}

bool sql_journal::is_committed() {
    if (!session_.is_settled()) {
        return false;
    }
    call_back();
    return true;
}

void sql_journal::call_back() {
    if (const auto durable = std::exchange(durable_, nullptr)) {
        durable();
    }
}

// What was committed is durable whatever becomes of the fold: where that fails (a full disk, most likely) the log
// simply stays, and the next change says what is wrong.
void sql_journal::fold_log() {
    try {
        directory_.fold();
        session_.commit();
    } catch (const command_error&) {
        session_.rollback();
        directory_.load();
    }
}

void sql_journal::take_whole() {
    part_ = {};
    read_what_is_open();
    read_identity();
}

void sql_journal::rollback() {
    durable_ = nullptr;  // what it would speak of is read anew
    session_.rollback();
    read_what_is_open();
}

}  // namespace baseload
