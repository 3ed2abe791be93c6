#pragma once

#include <tl/expected.hpp>
#include <unicode/regex.h>

#include <memory>
#include <string>

namespace baseload {

// A pattern of the job, ready for any number of texts (icu::RegexMatcher::reset), each within a bound of time; or why
// it is none.
[[nodiscard]] tl::expected<std::unique_ptr<icu::RegexMatcher>, std::string> compiled(const std::string& pattern);

}  // namespace baseload
