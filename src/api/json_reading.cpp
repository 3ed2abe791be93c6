#include "json_reading.hpp"

#include <charconv>
#include <string_view>

namespace baseload {

std::optional<std::int64_t> id_at(const simdjson::dom::element& object, const char* name) {
    std::int64_t number = 0;
    std::string_view text;
    if (object[name].get(number) != simdjson::SUCCESS) {
        if (object[name].get(text) != simdjson::SUCCESS) {
            return std::nullopt;
        }
        const char* end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data(), end, number);
        // The whole text must be the number: "42a" is no id.
        if (error != std::errc{} || rest != end) {
            return std::nullopt;
        }
    }
    // The service writes 0 for "none" (documented for crm_client_id), so 0 is no id.
    return number > 0 ? std::optional(number) : std::nullopt;
}

}  // namespace baseload
