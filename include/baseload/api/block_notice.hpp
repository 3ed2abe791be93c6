#pragma once

#include <chrono>
#include <string_view>

namespace baseload {

// How long to send nothing after an answer that says "… blocked until 2022-05-03 17:15:34".
// The zone of that time is documented nowhere: of Europe/Warsaw, UTC and this machine's own,
// the first that gives a wait of 0 to 15 minutes from `date_header` (or from `now`, when
// there is none) is taken, with a margin; without one, what `retry_after` says (RFC 9110: seconds or a date, an hour
// at most); without both, 11 minutes (src/api/README.md, "Limit").
[[nodiscard]] std::chrono::milliseconds block_wait(std::string_view message, std::string_view date_header,
                                                   std::string_view retry_after,
                                                   std::chrono::sys_time<std::chrono::milliseconds> now);

}  // namespace baseload
