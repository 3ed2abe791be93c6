#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace baseload {

// Where a journal lies: a file of this machine, or a PostgreSQL database that several machines share. Only the journal
// room knows what engine stands behind it; the others hand the locator on.
struct journal_locator {
    std::filesystem::path file;  // absolute; blank for one in a database
    std::string url = {};        // of the database, as libpq has it, without a password; blank for a file
    std::string name = {};       // of the journal in the database

    [[nodiscard]] bool is_file() const { return url.empty(); }

    // For messages, and to find it again: no path and no name has what stands between url and name.
    [[nodiscard]] std::string text() const { return is_file() ? file.string() : url + "#" + name; }
    [[nodiscard]] static journal_locator of_text(std::string_view text) {
        const std::size_t end = text.rfind('#');
        if (end == std::string_view::npos || !is_database_url(text)) {
            return {.file = text};
        }
        return {.file = {}, .url = std::string(text.substr(0, end)), .name = std::string(text.substr(end + 1))};
    }

    // https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING, the form that is a URI.
    [[nodiscard]] static bool is_database_url(std::string_view text) {
        return text.starts_with("postgresql://") || text.starts_with("postgres://");
    }

    // What a schema's name holds without quotes, with room for what stands before it.
    [[nodiscard]] static bool is_name(std::string_view name) {
        return !name.empty() && name.size() <= 40 && !name.starts_with("account_") &&
               name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
    }
    static constexpr const char* name_rule = "1 to 40 of a-z, 0-9 and _, and not beginning with account_";

    friend bool operator==(const journal_locator&, const journal_locator&) = default;
};

}  // namespace baseload
