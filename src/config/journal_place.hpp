#pragma once

#include "baseload/config/settings.hpp"
#include "table_reader.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace baseload {

// Where the job's journal lies, out of [journal]: a file, or a database. Paths are relative to `folder`. A journal in a
// database brings the account's limit along, unless the job has named another place for it: [account] comes first.
void read_journal_place(table_reader& table, const std::filesystem::path& folder, settings& into);

// The URL of a PostgreSQL database, as the option has it, with a fault where it is none, or holds a password.
[[nodiscard]] std::string checked_database_url(table_reader& table, std::string_view option, const std::string& url);

}  // namespace baseload
