#pragma once

#include "baseload/config/job_file.hpp"

#include <string>

namespace baseload::test {

// A job with the given [fields] lines over the columns of a small customer file.
inline settings job_with(const std::string& fields, const std::string& key = "columns = [\"Kod\"]") {
    return parse_job("[key]\n" + key + "\n[fields]\n" + fields, "/jobs/job.toml");
}

}  // namespace baseload::test
