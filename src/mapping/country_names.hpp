#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baseload {

// The ISO 3166-1 code of a country by its name in Polish, English or German (ICU's names, CLDR),
// whatever its case and its accents; nothing when no country is called so.
[[nodiscard]] std::optional<std::string> country_by_name(std::string_view name);

}  // namespace baseload
