#pragma once

#include "baseload/database/sqlite_session.hpp"

namespace baseload {

// Makes a new file a journal, or checks that it is one, and brings an older one up to date: in a transaction, which is
// left open for the caller's own checks. Throws command_error(usage), also for a database that is no journal, before it
// is changed.
void begin_prepared(sqlite_session& session);

// Checks that the file is a journal, and not of a newer version. Throws command_error(usage).
void check_schema(SQLite::Database& database);

// An older one is brought up to date by prepare_schema alone; who only reads refuses it.
void refuse_outdated(SQLite::Database& database);

}  // namespace baseload
