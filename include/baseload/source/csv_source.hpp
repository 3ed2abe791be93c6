#pragma once

#include "baseload/source/dialect.hpp"
#include "baseload/source/input_file.hpp"
#include "baseload/source/record_reader.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace baseload {

class byte_stream;

// A CSV file, plain or packed by gzip, opened and its dialect known; each pass has a reader of
// its own. Lives longer than its readers.
class csv_source {
public:
    // Finds out what the wish leaves open. Throws stop(usage) for a file that is absent, empty,
    // no text, or that two delimiters fit equally. A byte order mark is believed before the
    // wish, and a rejects file is read as rejects files are written.
    explicit csv_source(const std::filesystem::path& path, const dialect_wish& wish = {});

    [[nodiscard]] const std::string& name() const { return file_.name(); }
    [[nodiscard]] std::uint64_t size() const { return file_.size(); }  // packed, when it is
    [[nodiscard]] const dialect& format() const { return dialect_; }
    [[nodiscard]] bool is_packed() const { return packed_; }

    // Whether somebody has written to the file since it was opened.
    [[nodiscard]] bool has_changed() const { return file_.has_changed(); }

    // Throws stop(usage) when the header has a blank or a repeated name.
    [[nodiscard]] std::unique_ptr<record_reader> read() const;

private:
    [[nodiscard]] std::unique_ptr<byte_stream> bytes() const;
    [[nodiscard]] std::unique_ptr<byte_stream> text() const;
    void find_encoding(const dialect_wish& wish);
    void find_dialect(std::string_view sample, dialect_wish wish);

    input_file file_;
    bool packed_ = false;
    dialect dialect_;
};

}  // namespace baseload
