#pragma once

#include "baseload/core/fault.hpp"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace baseload {

// The one way to say that something did not work: a value, or why there is none. The error is the fault of one row or
// one request unless the caller needs to tell more apart. What ends the whole command is thrown instead
// (core/command_error.hpp).
template <class Value, class Error = fault>
using result = tl::expected<Value, Error>;

[[nodiscard]] inline tl::unexpected<fault> failure(fault f) {
    return tl::unexpected<fault>(std::move(f));
}

// Of a request or an answer, which has no place in a source.
[[nodiscard]] inline tl::unexpected<fault> failure(std::string problem) {
    return failure(fault{.code = {}, .where = {}, .found = {}, .problem = std::move(problem), .remedy = {}});
}

}  // namespace baseload
