#pragma once

#include "baseload/journal/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace baseload {

// Makes a new file a journal of `account`, or checks that it is one. Throws stop(usage).
void prepare_schema(SQLite::Database& database, const journal_account& account);

// Checks that the file is a journal of a version that this program reads.
void check_schema(SQLite::Database& database);

} // namespace baseload
