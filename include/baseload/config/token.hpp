#pragma once

#include "baseload/config/settings.hpp"

#include <string>

namespace baseload {

// The account's API token. It has no way into a stream or a format string: whoever
// needs it asks by name.
class token {
public:
    explicit token(std::string text) : text_(std::move(text)) {}

    [[nodiscard]] const std::string& reveal() const { return text_; }

private:
    std::string text_;
};

// From the environment or from a file that only its owner can read, as the job says.
// Throws command_error(usage) when it is absent, blank, has a character that no token has, or
// lies where others can read it.
[[nodiscard]] token read_token(const account_settings& account);

}  // namespace baseload
