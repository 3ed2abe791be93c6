#include "table_file.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/csv_text.hpp"
#include "baseload/report/output_file.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <xlsxwriter.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <system_error>

namespace baseload {
namespace {

namespace fs = std::filesystem;

class csv_table final : public table_file {
public:
    csv_table(const fs::path& path, char delimiter) : delimiter_(delimiter), out_(path) {
        if (out_.problem().empty()) {
            out_.write("\xEF\xBB\xBF");
        }
    }
    void write(const std::vector<std::string>& cells) override { out_.write(csv_record(cells, delimiter_)); }
    void close() override { out_.close(); }
    [[nodiscard]] const std::string& problem() const override { return out_.problem(); }

private:
    char delimiter_;
    output_file out_;
};

// libxlsxwriter writes to a name of its own, in a folder that nobody else may read, and the whole file is put in its
// place by output_file. All cells are text, so that what is corrected in Excel keeps its zeros.
class workbook_table final : public table_file {
public:
    explicit workbook_table(const fs::path& path) : out_(path) {
        std::string pattern = (fs::temp_directory_path() / "baseload-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            problem_ = std::strerror(errno);
            return;
        }
        folder_ = pattern;
        file_ = (folder_ / "rejects.xlsx").string();
        std::string temporary = folder_.string();
        // A row at a time in memory, the rest in the folder.
        ::lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        options.tmpdir = temporary.data();
        book_ = ::workbook_new_opt(file_.c_str(), &options);
        sheet_ = ::workbook_add_worksheet(book_, std::string(rejects_sheet).c_str());
        text_ = ::workbook_add_format(book_);
        ::format_set_num_format(text_, "@");
        header_ = ::workbook_add_format(book_);
        ::format_set_bold(header_);
        ::format_set_num_format(header_, "@");
        constexpr double usual_width = 16;
        ::worksheet_set_column(sheet_, 0, LXW_COL_MAX - 1, usual_width, text_);
        ::worksheet_freeze_panes(sheet_, 1, 0);
    }
    ~workbook_table() override {
        if (book_ != nullptr) {
            ::workbook_close(book_);
        }
        std::error_code ignored;
        fs::remove_all(folder_, ignored);
    }
    workbook_table(const workbook_table&) = delete;
    workbook_table& operator=(const workbook_table&) = delete;

    void write(const std::vector<std::string>& cells) override {
        for (std::size_t column = 0; column < cells.size() && problem().empty(); ++column) {
            // An empty text writes nothing.
            const ::lxw_error error = ::worksheet_write_string(sheet_, row_, static_cast<::lxw_col_t>(column),
                                                               cells[column].c_str(), row_ == 0 ? header_ : text_);
            if (error != LXW_NO_ERROR) {
                problem_ = fmt::format("row {}, column {}: {}; a CSV file takes it", row_ + 1, column + 1,
                                       ::lxw_strerror(error));
            }
        }
        ++row_;
    }

    void close() override {
        if (book_ == nullptr || !problem().empty()) {
            return;
        }
        ::lxw_workbook* const book = book_;
        book_ = nullptr;
        if (const ::lxw_error error = ::workbook_close(book); error != LXW_NO_ERROR) {
            problem_ = ::lxw_strerror(error);
            return;
        }
        std::ifstream written(file_, std::ios::binary);
        std::array<char, 65536> piece{};
        while (written.read(piece.data(), piece.size()) || written.gcount() > 0) {
            out_.write({piece.data(), static_cast<std::size_t>(written.gcount())});
        }
        out_.close();
    }

    [[nodiscard]] const std::string& problem() const override { return problem_.empty() ? out_.problem() : problem_; }

private:
    output_file out_;
    std::string problem_;
    fs::path folder_;
    std::string file_;
    ::lxw_workbook* book_ = nullptr;
    ::lxw_worksheet* sheet_ = nullptr;
    ::lxw_format* text_ = nullptr;
    ::lxw_format* header_ = nullptr;
    std::uint32_t row_ = 0;
};

}  // namespace

std::unique_ptr<table_file> open_table_file(const fs::path& path, char delimiter) {
    if (ascii_lower(path.extension().string()) == ".xlsx") {
        return std::make_unique<workbook_table>(path);
    }
    return std::make_unique<csv_table>(path, delimiter);
}

}  // namespace baseload
