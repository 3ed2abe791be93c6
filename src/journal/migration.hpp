#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>

namespace baseload {

// The format that this program writes. Its tables are in schema.cpp.
inline constexpr std::int32_t journal_format = 7;

// Brings a journal of an older format (1 to 6) up to `journal_format`; there is nothing to do for the present one.
// Precondition: a transaction is open, which makes it all or nothing.
void migrate_journal(SQLite::Database& database, std::int32_t from);

// The tables of clients, intents and refusals: a new journal gets them, and so does one of an older format.
void make_client_tables(SQLite::Database& database);

}  // namespace baseload
