#pragma once

#include "baseload/core/wall_clock.hpp"

#include <SQLiteCpp/Column.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace baseload {

// Times are kept as milliseconds since 1970, UTC.
inline std::int64_t milliseconds_of(wall_time t) {
    return t.time_since_epoch().count();
}

inline wall_time wall_time_of(std::int64_t milliseconds) {
    return wall_time(std::chrono::milliseconds(milliseconds));
}

// Lives until the statement's next step.
inline std::string_view view_of(const SQLite::Column& column) {
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

inline std::string bytes_of(const SQLite::Column& column) {
    return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

}  // namespace baseload
