#include "baseload/database/postgres_schema.hpp"

#include <fmt/format.h>

namespace baseload {

bool has_table(postgres_connection& connection, const std::string& schema, const std::string& table) {
    // Not to_regclass(), which may answer from what it knew before another program made the table.
    const bool is_there =
        connection.number("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                          "WHERE n.nspname = ? AND c.relname = ?",
                          {to_sql(std::string_view(schema)), to_sql(std::string_view(table))}) == 1;
    // A schema that the user must not use is passed over without a word, as if its tables were not there.
    if (is_there && connection.number("SELECT CASE WHEN has_schema_privilege(?, 'USAGE') THEN 1 ELSE 0 END",
                                      {to_sql(std::string_view(schema))}) == 0) {
        throw postgres_error(database_failure::kind::no_rights, fmt::format("permission denied for schema {}", schema));
    }
    return is_there;
}

void lock_schema(postgres_connection& connection, const std::string& schema) {
    static_cast<void>(connection.number("SELECT 1 FROM pg_advisory_xact_lock(hashtextextended(?, 0))",
                                        {to_sql(std::string_view(schema))}));
}

void make_tables(postgres_connection& connection, const std::string& schema, const std::string& table,
                 const std::string& tables) {
    if (has_table(connection, schema, table)) {
        return;
    }
    in_transaction(connection, [&] {
        lock_schema(connection, schema);
        // Another program may have made them while this one waited.
        if (has_table(connection, schema, table)) {
            return;
        }
        // IF NOT EXISTS would ask for the right to make schemas also where the schema is there.
        if (connection.number("SELECT count(*) FROM pg_namespace WHERE nspname = ?",
                              {to_sql(std::string_view(schema))}) == 0) {
            connection.run_script(fmt::format("CREATE SCHEMA \"{}\"", schema));
        }
        connection.run_script(tables);
    });
}

void roll_back(postgres_connection& connection) {
    try {
        connection.run_script("ROLLBACK");
    } catch (const postgres_error&) {
        return;  // what failed first is told
    }
}

std::string function_of_place(const std::string& name, const std::string& table) {
    // Right after a standby has taken over, the control file still has the old timeline; a server that must not be
    // asked for its log may still tell of the file.
    return fmt::format(R"sql(
CREATE OR REPLACE FUNCTION {}() RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    place TEXT := (SELECT oid FROM pg_database WHERE datname = current_database())::text || '/' || '{}'::regclass::oid::text;
BEGIN
    BEGIN
        place := place || '/' || (SELECT system_identifier FROM pg_control_system())::text;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
    BEGIN
        place := place || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
    EXCEPTION WHEN OTHERS THEN
        BEGIN
            place := place || '/' || lpad(to_hex((SELECT timeline_id FROM pg_control_checkpoint())), 8, '0');
        EXCEPTION WHEN OTHERS THEN NULL;
        END;
    END;
    RETURN place;
END $$;
)sql",
                       name, table);
}

std::string script_for_administrator(const std::string& schema, const std::string& table, const std::string& tables,
                                     const std::string& steps, std::string role) {
    for (std::size_t quote = role.find('"'); quote != std::string::npos; quote = role.find('"', quote + 2)) {
        role.insert(quote, 1, '"');
    }
    // It may be run again, for another user or after another journal of the account.
    return fmt::format("BEGIN;\n"
                       "CREATE SCHEMA IF NOT EXISTS \"{0}\";\n"
                       "SET LOCAL search_path TO \"{0}\";\n"
                       "DO $script$ BEGIN IF to_regclass('{3}') IS NULL THEN{1}END IF; {4}END $script$;\n"
                       "GRANT USAGE ON SCHEMA \"{0}\" TO \"{2}\";\n"
                       "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"{0}\" TO \"{2}\";\n"
                       "GRANT USAGE ON ALL SEQUENCES IN SCHEMA \"{0}\" TO \"{2}\";\n"
                       "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA \"{0}\" TO \"{2}\";\n"
                       "COMMIT;\n",
                       schema, tables, role, table, steps);
}

}  // namespace baseload
