#pragma once

#include "baseload/config/settings.hpp"

#include <filesystem>
#include <string_view>

namespace baseload {

// Reads a job strictly: an unknown option, a wrong type or an impossible combination
// is an error that names line, column and the nearest right name. All of them are
// reported at once. Throws command_error(usage).
[[nodiscard]] settings read_job(const std::filesystem::path& file);

// The same for text at hand; `file` names it in messages and anchors relative paths.
[[nodiscard]] settings parse_job(std::string_view toml, const std::filesystem::path& file);

}  // namespace baseload
