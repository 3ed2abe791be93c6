#pragma once

#include "baseload/source/csv/dialect.hpp"
#include "baseload/source/csv/encoding.hpp"
#include "baseload/source/input_file.hpp"
#include "baseload/source/record_source.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace baseload {

class byte_stream;

// A CSV file, plain or packed by gzip or zip, its dialect known.
class csv_source final : public record_source {
public:
    // Finds out what the options leaves open. Throws command_error(usage) for a file that is absent, empty,
    // no text, or that two delimiters fit equally. A byte order mark is believed before the
    // options, and a rejects file is read as rejects files are written.
    explicit csv_source(input_file file, const dialect_options& options = {});
    explicit csv_source(const std::filesystem::path& path, const dialect_options& options = {})
        : csv_source(input_file(path), options) {}

    [[nodiscard]] const std::string& name() const override { return file_.name(); }
    [[nodiscard]] std::uint64_t size() const override { return file_.size(); }
    [[nodiscard]] bool has_changed() const override { return file_.has_changed(); }
    [[nodiscard]] std::unique_ptr<record_reader> read() const override;
    [[nodiscard]] column_names columns() const override;
    [[nodiscard]] source_description describe() const override;
    [[nodiscard]] const dialect& format() const { return dialect_; }
    [[nodiscard]] bool is_packed() const { return packing_ != packing::none; }

private:
    enum class packing { none, gzip, zip };

    [[nodiscard]] std::unique_ptr<byte_stream> bytes() const;
    [[nodiscard]] std::unique_ptr<byte_stream> text() const;
    void find_packing();
    void find_encoding(const dialect_options& options);
    void refuse_if_utf8(const std::string& encoding) const;
    void refuse_if_guessed(const encoding_choice& found, std::string_view telling) const;
    void find_dialect(std::string_view sample, dialect_options options);

    input_file file_;
    packing packing_ = packing::none;
    std::string member_;  // of a zip file
    dialect dialect_;
};

}  // namespace baseload
