#include "journal_failure.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>

namespace baseload {
namespace {

const char* remedy_of(const database_failure& failure) {
    switch (failure.what) {
    case database_failure::kind::no_room: return "free some space on its disk and run again; what was recorded is kept";
    case database_failure::kind::read_only: return "make the file and its folder writable for this user";
    case database_failure::kind::damaged:
        return "it is damaged or not a journal; restore it from a backup, or give [journal] path another file. It was "
               "not changed";
    default: return "run again when that is fixed; what was recorded is kept";
    }
}

}  // namespace

void throw_journal_failure(const database_failure& failure, exit_code code) {
    if (failure.is_lost) {
        throw command_error(exit_code::stopped,
                            fmt::format("the journal {} could not be written; nothing more is", failure.place));
    }
    throw command_error(
        code, fmt::format("the journal {} cannot be used ({}); {}", failure.place, failure.reason, remedy_of(failure)));
}

}  // namespace baseload
