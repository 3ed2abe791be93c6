#pragma once

#include <string_view>

// SIGINT, SIGTERM and SIGHUP, for a command that must end in good order: what is in flight is finished. A second one
// ends the process at once, with exit code 3: that is safe too, since an intent is on disk before its create leaves.
// Signals belong to the whole process, and so does this.

namespace baseload {

// From now on these signals are noted and do not end the process. For commands that only read they do, as ever.
void watch_termination();

// Whether one has come. Long work that cannot be interrupted otherwise asks now and then.
[[nodiscard]] bool is_termination_requested();

// Throws command_error(stopped) when one has come.
void throw_if_termination_requested();

// "SIGTERM": the one that came.
[[nodiscard]] std::string_view termination_signal();

// Readable once one has come: to be polled beside what is waited for. Precondition: they are watched. -1 otherwise.
[[nodiscard]] int termination_descriptor();

}  // namespace baseload
