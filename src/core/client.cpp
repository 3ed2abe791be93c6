#include "baseload/core/client.hpp"

namespace baseload {
bool is_blank(const field_value& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? *number == 0 : text_of(value).empty();
}

std::string text_of(const field_value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*number);
    }
    const auto* file = std::get_if<field_file>(&value);
    return file != nullptr ? file->title : std::get<std::string>(value);
}

content_hash hash_of_value(const field_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return content_hash_of(*text);
    }
    const auto* file = std::get_if<field_file>(&value);
    return content_hash_of(file != nullptr ? "file " + to_bytes(file->content) + file->title : text_of(value));
}

}  // namespace baseload
