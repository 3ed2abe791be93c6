#pragma once

#include <simdjson.h>

#include <cstdint>
#include <optional>

namespace baseload {

// An id above 0, which comes as 42 or as "42" (src/api/README.md, "Transport").
[[nodiscard]] std::optional<std::int64_t> id_at(const simdjson::dom::element& object, const char* name);

}  // namespace baseload
