#pragma once

#include "baseload/source/dialect.hpp"
#include "baseload/source/input_file.hpp"
#include "baseload/source/record_reader.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace baseload {

// A CSV file, opened and its dialect known; each pass has a reader of its own.
// Lives longer than its readers.
class csv_source {
public:
    // Finds the delimiter out unless it is given. Throws stop(usage) for a file that is
    // absent, empty, not text, not UTF-8, or that two delimiters fit equally.
    csv_source(const std::filesystem::path& path, std::optional<char> delimiter);

    [[nodiscard]] const std::string& name() const { return file_.name(); }
    [[nodiscard]] std::uint64_t size() const { return file_.size(); }
    [[nodiscard]] const dialect& format() const { return dialect_; }

    // Whether somebody has written to the file since it was opened.
    [[nodiscard]] bool has_changed() const { return file_.has_changed(); }

    // Throws stop(usage) when the header has a blank or a repeated name.
    [[nodiscard]] std::unique_ptr<record_reader> read() const;

private:
    input_file file_;
    dialect dialect_;
};

}  // namespace baseload
