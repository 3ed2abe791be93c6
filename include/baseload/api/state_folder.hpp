#pragma once

#include <filesystem>
#include <string>

namespace baseload {

// Where the file of an account_state lies: in `folder`, else $STATE_DIRECTORY, else $XDG_STATE_HOME/baseload (an
// absolute path, as the XDG specification has it), else ~/.local/state/baseload. `account` is text that is equal for
// equal accounts. Makes the folder; throws command_error(usage) when it cannot.
[[nodiscard]] std::filesystem::path account_state_file(const std::string& account, const std::filesystem::path& folder);

}  // namespace baseload
