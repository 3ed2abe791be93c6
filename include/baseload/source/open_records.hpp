#pragma once

#include "baseload/source/csv/dialect.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/source/workbook/workbook_options.hpp"

#include <filesystem>
#include <memory>

namespace baseload {

// What somebody has said of a source, for each format that it may turn out to have: a rejects file (CSV) may stand in
// for a workbook. The rest is detected.
struct source_options {
    dialect_options csv = {};
    workbook_options workbook = {};
};

// Opens a source by its content, whatever its name ends in; "-" is standard input. Throws
// command_error(usage) for what is absent, broken, no table, or could be read in two ways.
[[nodiscard]] std::unique_ptr<record_source> open_records(const std::filesystem::path& path,
                                                          const source_options& options = {});

}  // namespace baseload
