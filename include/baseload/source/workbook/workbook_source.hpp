#pragma once

#include "baseload/source/input_file.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/source/workbook/workbook_options.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

class workbook;

// One sheet of an .xlsx, .xlsm or .ods workbook: its header found under the banners above it.
class workbook_source final : public record_source {
public:
    // Throws command_error(usage) for a workbook that is broken, hostile or protected, and for a sheet
    // that it does not have.
    workbook_source(input_file file, const workbook_options& options = {});
    ~workbook_source() override;

    [[nodiscard]] const std::string& name() const override { return file_.name(); }
    [[nodiscard]] std::uint64_t size() const override { return file_.size(); }
    [[nodiscard]] bool has_changed() const override { return file_.has_changed(); }
    [[nodiscard]] std::unique_ptr<record_reader> read() const override;
    [[nodiscard]] column_names columns() const override { return columns_; }
    [[nodiscard]] source_description describe() const override;
    [[nodiscard]] std::vector<source_trait> tally() const override;

    // Whether a zip file's parts are those of a workbook that can be read here.
    [[nodiscard]] static bool is_workbook(const std::vector<std::string>& parts);

private:
    void choose_sheet(const workbook_options& options);
    void find_columns(const header_options& options);

    input_file file_;
    std::unique_ptr<workbook> book_;
    std::size_t sheet_ = 0;
    bool sheet_is_given_ = false;
    column_names columns_;
    std::uint64_t header_row_ = 0;  // 0: there is none
    std::uint64_t first_row_ = 1;   // of the records
};

}  // namespace baseload
