#pragma once

#include "baseload/database/postgres_connection.hpp"

#include <string>

namespace baseload {

// Whether the schema has the table. Throws postgres_error where this user must not use the schema.
[[nodiscard]] bool has_table(postgres_connection& connection, const std::string& schema, const std::string& table);

// Makes the schema, unless it is there, and in it what `tables` says, unless `table` is there: in one transaction, and
// for one program at a time.
void make_tables(postgres_connection& connection, const std::string& schema, const std::string& table,
                 const std::string& tables);

// The same as a text for psql, for an administrator who lets nobody else make tables: with what `role` must be granted.
// `steps`: what brings older tables up to date, in PL/pgSQL.
[[nodiscard]] std::string script_for_administrator(const std::string& schema, const std::string& table,
                                                   const std::string& tables, const std::string& steps,
                                                   std::string role);

// Holds other programs off that do the same, until the transaction ends.
void lock_schema(postgres_connection& connection, const std::string& schema);

}  // namespace baseload
