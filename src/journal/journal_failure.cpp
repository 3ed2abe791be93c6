#include "journal_failure.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/database/postgres_connection.hpp"

#include <fmt/format.h>

#include <string>

namespace baseload {
namespace {

const char* remedy_for_file(const database_failure& failure) {
    switch (failure.what) {
    case database_failure::kind::no_room: return "free some space on its disk and run again; what was recorded is kept";
    case database_failure::kind::read_only: return "make the file and its folder writable for this user";
    case database_failure::kind::damaged:
        return "it is damaged or not a journal; restore it from a backup, or give [journal] path another file. It was "
               "not changed";
    default: return "run again when that is fixed; what was recorded is kept";
    }
}

std::string remedy_for_server(const database_failure& failure) {
    switch (failure.what) {
    case database_failure::kind::taken:
        return "this one was not heard of for longer than [journal] lease; nothing more is sent, and what it had under "
               "way is looked up by the other";
    case database_failure::kind::set_back:
        return "it was put back from a backup, or a standby that lagged behind has taken its place; the next "
               "run looks in the account for each customer that it seems to lack";
    case database_failure::kind::damaged: return "the server's log says more; what was recorded before is kept";
    default: break;
    }
    const std::string remedy = remedy_on_server(failure.what);
    return (remedy.empty() ? "run again when that is fixed" : remedy) + "; what was recorded is kept";
}

[[noreturn]] void throw_failure(const database_failure& failure, const std::string& remedy, exit_code code) {
    if (failure.is_lost) {
        throw command_error(exit_code::stopped,
                            fmt::format("the journal {} could not be written; nothing more is", failure.place));
    }
    throw command_error(code,
                        fmt::format("the journal {} cannot be used ({}); {}", failure.place, failure.reason, remedy));
}

}  // namespace

void throw_file_failure(const database_failure& failure, exit_code code) {
    throw_failure(failure, remedy_for_file(failure), code);
}

void throw_server_failure(const database_failure& failure, exit_code code) {
    throw_failure(failure, remedy_for_server(failure), code);
}

}  // namespace baseload
