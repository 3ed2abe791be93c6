#include "baseload/database/postgres_place.hpp"

#include "baseload/core/journal_locator.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <memory>
#include <string_view>

namespace baseload {
namespace {

constexpr std::string_view where_a_password_belongs =
    "a password belongs into ~/.pgpass, or into the file that PGPASSFILE names";

struct free_options {
    void operator()(PQconninfoOption* options) const { ::PQconninfoFree(options); }
};

// A text that can be shown: a password would not be given without a : or = before it.
bool is_harmless(std::string_view text) {
    return text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == text.npos;
}

std::string unreadable(std::string_view why) {
    return fmt::format(
        "is wrong: {}; / ? # @ : % and blanks in a name are written there as % and two digits (%2F), and {}", why,
        where_a_password_belongs);
}

// libpq's reason ends with what it could not read, in quotes: a piece of a password perhaps, unless it is the name of a
// parameter.
std::string unreadable_to_libpq(const std::string& url, std::string_view reason) {
    const std::size_t begin = reason.find(": \"");
    if (begin != reason.npos) {
        const std::string_view quoted = reason.substr(begin + 3, reason.rfind('"') - begin - 3);
        const std::size_t at = url.find(fmt::format("{}=", quoted));
        if (!quoted.empty() && is_harmless(quoted) && at != url.npos && (url[at - 1] == '?' || url[at - 1] == '&')) {
            return fmt::format("is wrong: {}", reason.substr(0, reason.rfind('"') + 1));
        }
    }
    return unreadable(reason.empty() ? "libpq cannot read it" : reason.substr(0, begin));
}

}  // namespace

std::string problem_of_database_url(const std::string& url) {
    if (!journal_locator::is_database_url(url)) {
        const std::string shown = is_harmless(url) ? in_quotes(url) + " is" : "is";
        return shown + " not a database's; write \"postgresql://user@host/database\"";
    }
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, free_options> options(::PQconninfoParse(url.c_str(), &message));
    const std::string reason = message == nullptr ? "" : message;
    ::PQfreemem(message);
    if (!options) {
        return unreadable_to_libpq(url, reason);
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view keyword = option->keyword;
        const std::string_view value = option->val == nullptr ? "" : option->val;
        if (!value.empty() && (keyword == "password" || keyword == "sslpassword")) {
            return fmt::format("is wrong: it has a password in it, which whoever reads the job would read; {}",
                               where_a_password_belongs);
        }
        // To libpq the host of user:pass/word@host is "user", and its port "pass".
        if (keyword == "port" && value.find_first_not_of("0123456789,") != value.npos) {
            return unreadable("its port is no number");
        }
        if (keyword == "dbname" && value.find('@') != value.npos) {
            return unreadable("the name of its database has an @ in it");
        }
    }
    return "";
}

}  // namespace baseload
