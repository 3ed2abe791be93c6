#pragma once

#include "baseload/journal/journal.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace baseload {

// Throws stop(usage) for a database that is not empty and no journal, before it is changed.
void refuse_foreign(SQLite::Database& database);

// Makes a new file a journal of `owner`, or checks that it is one. Throws stop(usage).
void prepare_schema(SQLite::Database& database, const journal_owner& owner);

// Checks that the file is a journal of a version that this program reads.
void check_schema(SQLite::Database& database);

}  // namespace baseload
