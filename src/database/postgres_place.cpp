#include "baseload/database/postgres_place.hpp"

#include "baseload/core/journal_locator.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <memory>
#include <string_view>

namespace baseload {
namespace {

constexpr std::string_view where_a_password_belongs =
    "a password belongs into ~/.pgpass, or into the file that PGPASSFILE names";

struct free_options {
    void operator()(PQconninfoOption* options) const { ::PQconninfoFree(options); }
};

// Behind the host a URL has an @ only where a password has a / or a ? in it.
bool has_stray_at(std::string_view url) {
    const std::size_t begin = url.find("//") + 2;
    return url.find('@', std::min(url.find_first_of("/?", begin), url.size())) != url.npos;
}

// One for each host; blank ones are the usual port.
bool is_list_of_ports(std::string_view text) {
    constexpr int max_port = 65535;
    int port = 0;
    for (const char c : text) {
        if (c == ',' || c == ' ') {
            port = 0;
        } else if (c >= '0' && c <= '9' && port <= max_port) {
            port = port * 10 + (c - '0');
        } else {
            return false;
        }
    }
    return port <= max_port;
}

std::string unreadable(std::string_view why) {
    return fmt::format(
        "is wrong: {}; / ? # @ : % and blanks in a name are written there as % and two digits (%2F), and {}", why,
        where_a_password_belongs);
}

// libpq's reason ends with what it could not read, in quotes: a piece of a password perhaps, unless it is the name of a
// parameter.
std::string unreadable_to_libpq(std::string_view reason) {
    if (reason.starts_with("invalid URI query parameter")) {
        return fmt::format("is wrong: {}", reason.substr(0, reason.rfind('"') + 1));
    }
    return unreadable(reason.empty() ? "libpq cannot read it" : reason.substr(0, reason.find(": \"")));
}

}  // namespace

std::string problem_of_database_url(const std::string& url) {
    if (!journal_locator::is_database_url(url)) {
        return "is not a database's; write \"postgresql://user@host/database\"";
    }
    if (has_stray_at(url)) {
        return unreadable("it has an @ behind the host");
    }
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, free_options> options(::PQconninfoParse(url.c_str(), &message));
    const std::string reason = message == nullptr ? "" : message;
    ::PQfreemem(message);
    if (!options) {
        return unreadable_to_libpq(reason);
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        const std::string_view keyword = option->keyword;
        const std::string_view value = option->val == nullptr ? "" : option->val;
        if (!value.empty() && (keyword == "password" || keyword == "sslpassword")) {
            return fmt::format("is wrong: it has a password in it, which whoever reads the job would read; {}",
                               where_a_password_belongs);
        }
        if (keyword == "user" && value.find(':') != value.npos) {
            return unreadable("its user has a : in the name");
        }
        if (keyword == "port" && !is_list_of_ports(value)) {
            return unreadable("its port is no number of a port");
        }
    }
    return "";
}

}  // namespace baseload
