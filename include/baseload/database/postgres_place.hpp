#pragma once

#include <string>

namespace baseload {

// A schema of a PostgreSQL database.
struct postgres_place {
    std::string url;  // as libpq has it
    std::string schema;
    std::string text;  // for messages: without a password, and with what the schema holds
};

// Blank where libpq takes the text for a connection URI, and it has no password. Otherwise what is wrong, and what puts
// it right; nothing of the text that may be a password is quoted.
// https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING
[[nodiscard]] std::string problem_of_database_url(const std::string& url);

}  // namespace baseload
