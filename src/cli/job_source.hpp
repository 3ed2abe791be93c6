#pragma once

#include "baseload/config/job_file.hpp"
#include "baseload/core/stop.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <string>

namespace baseload {

// The job, with the SOURCE of the command line (when it is not blank) in place of its own.
// Throws stop(usage) when neither names one.
inline settings job_with_source(const std::string& job_file, const std::string& source) {
    settings job = read_job(job_file);
    if (!source.empty()) {
        job.source.path = source == "-" ? std::filesystem::path("-") : std::filesystem::absolute(source);
    }
    if (job.source.path.empty()) {
        throw stop(exit_code::usage, fmt::format("{} names no source: write [source] path = \"…\", or name the file on "
                                                 "the command line",
                                                 job_file));
    }
    return job;
}

}  // namespace baseload
