#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/source/record_source.hpp"

#include <memory>
#include <string>

namespace baseload {

// The job's source, read as the job says: one file, or several as one (source/combined_source.hpp). Its paths are
// files: patterns were resolved before (source/source_files.hpp). Throws command_error(usage) as open_records does.
[[nodiscard]] std::unique_ptr<record_source> open_source(const source_settings& source);

// The same to be mapped: a rejects file that comes back has its cells as they were before they were made text for
// spreadsheets. Throws command_error(usage) for one among other files.
[[nodiscard]] std::unique_ptr<record_source> open_to_map(const source_settings& source);

// What an open one calls itself.
[[nodiscard]] std::string name_of(const source_settings& source);

}  // namespace baseload
