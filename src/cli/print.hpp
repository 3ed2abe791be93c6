#pragma once

#include <cstdio>
#include <string>

namespace baseload {

// A line for people, on standard error. A terminal that went away or a full log disk must not
// end an import: what cannot be written is lost.
inline void print_error(const std::string& text) noexcept {
    std::fputs(text.c_str(), stderr);
}

}  // namespace baseload
