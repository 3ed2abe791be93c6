#pragma once

#include "baseload/core/exit_code.hpp"

#include <stdexcept>
#include <string>

namespace baseload {

// Thrown where the command cannot go on. Only `main` catches it: it prints the
// message once and returns the code. The message says what, where and what to do.
class command_error : public std::runtime_error {
public:
    command_error(exit_code code, const std::string& message) : std::runtime_error(message), code_(code) {}

    [[nodiscard]] exit_code code() const noexcept { return code_; }

private:
    exit_code code_;
};

}  // namespace baseload
