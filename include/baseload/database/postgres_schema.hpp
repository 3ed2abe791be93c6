#pragma once

#include "baseload/database/postgres_connection.hpp"

#include <exception>
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

// SQL that makes the function `name`, which gives a text that is another once the database was replaced: dumped and put
// back, copied, recovered from a backup, or served by what was a standby. It names the database, its `table`, the
// cluster and the timeline of its log (https://www.postgresql.org/docs/15/continuous-archiving.html#BACKUP-TIMELINES);
// what a server tells nobody is left out. A copy of the cluster's files that is started as it is cannot be told from
// the cluster.
[[nodiscard]] std::string function_of_place(const std::string& name, const std::string& table);

// Where that fails too, the server does it when the connection ends.
void roll_back(postgres_connection& connection);

// Does `work` between BEGIN and COMMIT, or takes all of it back.
template <class Work>
void in_transaction(postgres_connection& connection, Work&& work) {
    connection.run_script("BEGIN");
    try {
        work();
        connection.run_script("COMMIT");
    } catch (const std::exception&) {
        roll_back(connection);
        throw;
    }
}

// Holds other programs off that do the same, until the transaction ends.
void lock_schema(postgres_connection& connection, const std::string& schema);

}  // namespace baseload
