#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/source/record_source.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// A job whose names have become the account's ids, and how many requests that took.
struct resolved_job {
    settings job;
    std::uint64_t requests = 0;
};

// Called once the source is open. Throws command_error for names that the account does not have.
using name_resolution = std::function<resolved_job(const settings&)>;

// A job's source, open, and the job's rules bound to its header: what every command that reads rows begins with.
// Not moved: its parts refer to each other.
class mapped_source {
public:
    // Throws command_error(usage) for a source that cannot be read or lacks a column, and as `resolve` does.
    mapped_source(const settings& given, const name_resolution& resolve);
    mapped_source(const mapped_source&) = delete;
    mapped_source& operator=(const mapped_source&) = delete;

    [[nodiscard]] const settings& job() const { return resolved_.job; }
    [[nodiscard]] std::uint64_t lookup_requests() const { return resolved_.requests; }
    [[nodiscard]] const record_source& source() const { return *source_; }
    [[nodiscard]] const std::vector<std::string>& header() const { return columns_.names; }
    [[nodiscard]] const mapper& map() const { return map_; }
    // Whether the source is a corrected rejects file.
    [[nodiscard]] bool is_rejects() const;
    // Whether it is a part of the job's source, so that nobody is missing from it: a corrected rejects file, or one
    // that was named on the command line.
    [[nodiscard]] bool is_partial() const;

private:
    std::unique_ptr<record_source> source_;
    resolved_job resolved_;
    column_names columns_;
    mapper map_;
};

}  // namespace baseload
