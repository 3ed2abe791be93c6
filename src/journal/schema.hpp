#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

namespace baseload {

// Throws command_error(usage) for a database that is not empty and no journal, before it is changed.
void refuse_foreign(SQLite::Database& database);

// Makes a new file a journal, or checks that it is one, and brings an older one up to date, within the transaction that
// is open. Throws command_error(usage).
void prepare_schema(SQLite::Database& database);

// Checks that the file is a journal, and not of a newer version. Throws command_error(usage).
void check_schema(SQLite::Database& database);

// An older one is brought up to date by prepare_schema alone; who only reads refuses it.
void refuse_outdated(SQLite::Database& database);

}  // namespace baseload
