#pragma once

#include "baseload/source/record_source.hpp"

#include <memory>

namespace baseload {

// A rejects file that comes back as a source: cells that were made text for spreadsheets (core/spreadsheet_text.hpp)
// are as they were.
[[nodiscard]] std::unique_ptr<record_source> corrected_rejects(std::unique_ptr<record_source> source);

}  // namespace baseload
