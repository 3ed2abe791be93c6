#pragma once

#include <string>

namespace baseload {

// Where several machines keep the state of an account.
struct account_database {
    std::string url;      // of a PostgreSQL database: see core/journal_locator.hpp
    std::string account;  // text that is equal for equal accounts
};

// For psql: makes the tables for an account, and lets the user `role` use them.
[[nodiscard]] std::string script_for_administrator(const account_database& where, const std::string& role);

}  // namespace baseload
