#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/database/sql_session.hpp"
#include "journal_lock.hpp"
#include "postgres_lease.hpp"

#include <memory>
#include <string>
#include <vector>

namespace baseload {

// One table of a journal, the same in every engine.
struct journal_table {
    struct column {
        std::string name;
        enum { integer, text, bytes } type = integer;
    };

    std::string name;
    std::vector<column> columns;
    // Statements, which live as long as the program (sql_session.hpp).
    std::string select;  // all rows, in an order that every engine has
    std::string insert;
    std::string clear;
};

// All but `self`, of which there is one row, and which each engine makes by itself.
[[nodiscard]] const std::vector<journal_table>& journal_tables();

// A column of `self` that is the journal's own, and not its engine's.
[[nodiscard]] const journal_table& self_table();

// A value as a parameter; it lives until the rows go on.
[[nodiscard]] sql_value value_in(sql_rows& rows, const journal_table& table, std::size_t column);

// The tables of a journal without the journal that knows what they mean.
class open_tables {
public:
    enum class purpose {
        to_read,   // of one moment, beside a run
        to_hold,   // no run can begin meanwhile
        to_create  // likewise, and they are made where there are none
    };
    open_tables(const journal_locator& where, purpose why);

    [[nodiscard]] sql_session& session() { return *session_; }

    // Of a run that was killed, or a shard that is still to come, the journal is marked as open: its copy has no log
    // that would show that nothing is missing. Where something is, the mark stays.
    void mark_as_closed();

private:
    void open_file(const journal_locator& where, purpose why);
    void open_database(const journal_locator& where, purpose why);

    std::unique_ptr<journal_lock> lock_;
    std::unique_ptr<sql_session> session_;
    std::unique_ptr<postgres_lease> lease_;
    bool is_whole_ = true;  // its log is there, if it has one
};

}  // namespace baseload
