#pragma once

#include "baseload/core/text.hpp"
#include "log.hpp"

#include <cstdio>
#include <string>

namespace baseload {

// Lines for people, on standard error, and in the log where there is one. Nothing in them moves the cursor.
inline void print_error(const std::string& text) {
    say(text);
}

// The same on standard output, where main finds out whether it could be written.
inline void print_text(const std::string& text) {
    std::fputs(shown_lines(text).c_str(), stdout);
}

// JSON on a line of its own. Characters that a terminal would act on are escaped, as JSON may have them.
inline void print_json(const std::string& json) {
    std::fputs((json_fit_to_show(json) + "\n").c_str(), stdout);
}

}  // namespace baseload
