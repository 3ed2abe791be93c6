#pragma once

// How a command ends. Users script against these numbers: README.md.

namespace baseload {

enum class exit_code : int {
    success = 0,       // everything is in
    incomplete = 1,    // finished, and some rows were rejected or are in doubt
    usage = 2,         // wrong usage, job or source; nothing was sent
    stopped = 3,       // stopped before the end; a rerun goes on
    refused = 4,       // the account refused: token, closed account
    journal_busy = 75  // another run holds the journal (EX_TEMPFAIL of sysexits.h)
};

}  // namespace baseload
