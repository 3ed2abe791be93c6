#include "baseload/report/rejects_file.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "table_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// A column of the source may be called "code" already. The file is then not known again as a rejects file
// (is_rejects_header), and loads as a source of its own.
std::string free_name(std::string_view wanted, const std::vector<std::string>& taken) {
    std::string name(wanted);
    while (std::find(taken.begin(), taken.end(), name) != taken.end()) {
        name.insert(0, mark_of_reason);
    }
    return name;
}

}  // namespace

rejects_file::rejects_file(std::filesystem::path path, const std::vector<std::string>& header, char delimiter,
                           bool has_files)
    : path_(std::move(path)), columns_(header.size()), has_reasons_(is_rejects_header(header)), has_files_(has_files),
      // Opened before anything is sent, so that a path that cannot be written is known then.
      out_(open_table_file(path_, delimiter)) {
    if (!out_->problem().empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("the rejects file {} cannot be written ({}); name another with "
                                        "--rejects. Nothing was sent",
                                        path_.string(), out_->problem()));
    }
    std::vector<std::string> names = header;
    // Rejects of a rejects file: its header has these columns already.
    if (!has_reasons_) {
        if (has_files_) {
            names.push_back(free_name(file_column, names));
        }
        for (const std::string_view reason : rejection_columns) {
            names.push_back(free_name(reason, names));
        }
    }
    write(names);
}

rejects_file::~rejects_file() = default;

void rejects_file::add(const rejection& r) {
    add(r, {});
}

void rejects_file::add(const rejection& r, std::string_view mark) {
    std::vector<std::string> cells = r.cells;
    std::vector<std::string> codes;
    std::string message;
    // A script reads the codes, each once; a person reads the message, which names every fault.
    for (const fault& f : r.faults) {
        const std::string code = std::string(mark) + code_text(f);
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
            codes.push_back(code);
        }
        message += (message.empty() ? "" : " | ") + describe(f);
    }
    // A ragged row keeps its cells, and so stays ragged until somebody corrects it.
    // A row that was loaded from a rejects file has the old reasons at its end, and the new ones take their place.
    if (has_reasons_ && cells.size() == columns_) {
        cells.resize(columns_ - rejection_columns.size());
    }
    if (has_files_) {
        cells.push_back(r.file);
    }
    cells.push_back(fmt::format("{}", r.line));
    cells.push_back(fmt::format("{}", fmt::join(codes, " ")));
    cells.push_back(std::move(message));
    write(cells);
}

// Thrown at the first failure: a rejects file that lacks rows must not look whole.
void rejects_file::write(const std::vector<std::string>& cells) {
    out_->write(cells);
    if (!out_->problem().empty()) {
        refuse(out_->problem());
    }
}

void rejects_file::close() {
    out_->close();
    if (!out_->problem().empty()) {
        refuse(out_->problem());
    }
}

void rejects_file::refuse(const std::string& reason) const {
    throw command_error(exit_code::stopped,
                        fmt::format("the rejects file {} cannot be written ({}); free some space and run "
                                    "again: its rows are reported again then",
                                    path_.string(), reason));
}

}  // namespace baseload
