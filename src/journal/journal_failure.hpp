#pragma once

#include "baseload/core/exit_code.hpp"
#include "baseload/database/sql_session.hpp"

namespace baseload {

// Throws the stop for a failure of the journal's database, with what puts it right.
[[noreturn]] void throw_journal_failure(const database_failure& failure, exit_code code);

}  // namespace baseload
