#pragma once

#include "baseload/core/journal_locator.hpp"
#include "baseload/database/postgres_connection.hpp"
#include "baseload/database/postgres_place.hpp"

#include <cstdint>
#include <string>

namespace baseload {

// The format of a journal in PostgreSQL. Another number than that of a file (migration.hpp): each has a past of its
// own.
inline constexpr std::int64_t postgres_journal_format = 1;

[[nodiscard]] postgres_place place_of(const journal_locator& where);

// Makes the tables, or checks that they are there. Throws postgres_error, and command_error(usage) for a journal of a
// newer version.
void prepare_postgres_journal(postgres_connection& connection, const postgres_place& place);
void check_postgres_journal(postgres_connection& connection, const postgres_place& place);

[[nodiscard]] bool has_postgres_journal(postgres_connection& connection, const postgres_place& place);

}  // namespace baseload
