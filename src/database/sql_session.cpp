#include "baseload/database/sql_session.hpp"

#include <stdexcept>

namespace baseload {

void sql_session::begin() {
    refuse_after_loss();
    if (!in_transaction_) {
        run_begin();
        in_transaction_ = true;
    }
}

void sql_session::commit() {
    refuse_after_loss();
    if (in_transaction_) {
        // Where it throws, fail() has marked the transaction as lost.
        run_commit();
        in_transaction_ = false;
    } else {
        run_settle();
    }
}

void sql_session::commit_later() {
    refuse_after_loss();
    if (in_transaction_) {
        run_commit_later();
        in_transaction_ = false;
    }
}

void sql_session::run_query_each(const char* sql, std::span<const sql_value> values,
                                 const std::function<void(std::size_t, sql_rows&)>& visit) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        sql_rows rows(run_query(sql, values.subspan(i, 1)));
        if (rows.next()) {
            visit(i, rows);
        }
    }
}

// Outside a transaction nothing was lost: a query that failed does not forbid later changes.
void sql_session::lose() {
    if (std::exchange(in_transaction_, false)) {
        lost_ = true;
        run_rollback();
    }
}

void sql_session::lose_commit() {
    in_transaction_ = false;
    lost_ = true;
    run_rollback();
}

void sql_session::rollback() {
    lose();
    lost_ = false;
}

void sql_session::fail(database_failure::kind what, const std::string& reason) {
    lose();
    throw_failure({.what = what, .place = place_, .reason = reason});
}

void sql_session::refuse_after_loss() const {
    if (lost_) {
        throw_failure({.place = place_, .reason = {}, .is_lost = true});
    }
}

void sql_session::throw_failure(const database_failure& failure) const {
    handler_(failure);
    throw std::logic_error("a failure of a database was not thrown: " + failure.reason);
}

}  // namespace baseload
