#pragma once

#include "baseload/core/wall_clock.hpp"

#include <chrono>
#include <optional>
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

// The moment of a Date field (RFC 9110, IMF-fixdate: "Tue, 03 May 2022 15:05:34 GMT"); nothing for another form.
[[nodiscard]] std::optional<wall_time> http_date(std::string_view header);

}  // namespace baseload
