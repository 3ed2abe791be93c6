#pragma once

#include "baseload/core/fault.hpp"

#include <tl/expected.hpp>

#include <utility>

namespace baseload {

// A value, or the fault of one row or one request. What ends the whole run is
// thrown instead (core/stop.hpp).
template <class Value>
using result = tl::expected<Value, fault>;

[[nodiscard]] inline tl::unexpected<fault> failure(fault f) {
    return tl::unexpected<fault>(std::move(f));
}

}  // namespace baseload
