#pragma once

#include "baseload/core/exit_code.hpp"
#include "baseload/database/sql_session.hpp"

namespace baseload {

// Throws the stop for a failure of the journal's database, with what puts it right: in a file, and on a server.
[[noreturn]] void throw_file_failure(const database_failure& failure, exit_code code);
[[noreturn]] void throw_server_failure(const database_failure& failure, exit_code code);

}  // namespace baseload
