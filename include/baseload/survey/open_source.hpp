#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/source/record_source.hpp"

#include <memory>

namespace baseload {

// The job's source, read as the job says. Throws command_error(usage) as open_records does.
[[nodiscard]] std::unique_ptr<record_source> open_source(const source_settings& source);

}  // namespace baseload
