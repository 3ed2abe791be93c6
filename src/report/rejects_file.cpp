#include "baseload/report/rejects_file.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/csv_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

constexpr std::array<std::string_view, 3> reasons = {"line", "code", "message"};

bool ends_with_reasons(const std::vector<std::string>& header) {
    return header.size() > reasons.size() && std::equal(reasons.begin(), reasons.end(), header.end() - reasons.size());
}

// A column of the source may be called "code" already.
std::string free_name(std::string_view wanted, const std::vector<std::string>& taken) {
    std::string name(wanted);
    while (std::find(taken.begin(), taken.end(), name) != taken.end()) {
        name = "baseload_" + name;
    }
    return name;
}

} // namespace

rejects_file::rejects_file(std::filesystem::path path, const std::vector<std::string>& header, char delimiter)
    : path_(std::move(path)), delimiter_(delimiter),
      columns_(ends_with_reasons(header) ? header.size() - reasons.size() : header.size()) {
    out_.open(path_, std::ios::binary | std::ios::trunc);
    if (!out_) {
        throw stop(exit_code::usage, fmt::format("the rejects file {} cannot be written ({}); name another with "
                                                 "--rejects. Nothing was sent",
                                                 path_.string(), std::strerror(errno)));
    }
    std::vector<std::string> names(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(columns_));
    for (const std::string_view reason : reasons) {
        names.push_back(free_name(reason, names));
    }
    write(names);
}

void rejects_file::add(const rejection& r) {
    std::vector<std::string> cells = r.cells;
    std::vector<std::string> codes;
    std::string message;
    for (const fault& f : r.faults) {
        if (std::find(codes.begin(), codes.end(), f.code) == codes.end()) {
            codes.push_back(f.code);
        }
        message += (message.empty() ? "" : " | ") + describe(f);
    }
    if (r.faults.front().code == "ragged" && cells.size() > columns_) {
        // Surplus cells have no column of their own; their text is kept in the message.
        const std::vector<std::string> surplus(cells.begin() + static_cast<std::ptrdiff_t>(columns_), cells.end());
        message += " | surplus: " + fmt::format("{}", fmt::join(surplus, std::string(1, delimiter_)));
    }
    cells.resize(columns_);
    cells.push_back(fmt::format("{}", r.line));
    cells.push_back(fmt::format("{}", fmt::join(codes, " ")));
    cells.push_back(std::move(message));
    write(cells);
}

void rejects_file::write(const std::vector<std::string>& cells) {
    out_ << csv_record(cells, delimiter_) << std::flush;
    if (!out_) {
        throw stop(exit_code::stopped, fmt::format("the rejects file {} cannot be written ({}); free some space and run "
                                                   "again",
                                                   path_.string(), std::strerror(errno)));
    }
}

void rejects_file::close() {
    out_.close();
}

} // namespace baseload
