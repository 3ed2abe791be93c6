#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/database/postgres_connection.hpp"
#include "baseload/database/postgres_place.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// The format of a journal in PostgreSQL. Another number than that of a file (migration.hpp): each has a past of its
// own.
inline constexpr std::int64_t postgres_journal_format = 3;

[[nodiscard]] postgres_place place_of(const journal_locator& where);

// Makes the tables, or brings those of an older version up to date. Throws postgres_error, and command_error: usage for
// a journal of a newer version, journal_busy where an older version is at work.
void prepare_postgres_journal(postgres_connection& connection, const postgres_place& place);
// The same for one that is there; and for one that is only read, whose older tables will do.
void update_postgres_journal(postgres_connection& connection, const postgres_place& place);
void check_postgres_journal(postgres_connection& connection, const postgres_place& place);

[[nodiscard]] bool has_postgres_journal(postgres_connection& connection, const postgres_place& place);

}  // namespace baseload
