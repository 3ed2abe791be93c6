#include "baseload/core/client.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {
namespace {

constexpr std::uint32_t extra_field_bit = 0x8000'0000U;

}  // namespace

field_code extra_field(std::uint32_t id) {
    return static_cast<field_code>(extra_field_bit | id);
}

std::optional<std::uint32_t> extra_field_id(field_code code) {
    const auto number = static_cast<std::uint32_t>(code);
    if ((number & extra_field_bit) == 0) {
        return std::nullopt;
    }
    return number & ~extra_field_bit;
}

std::optional<field_code> find_field(std::string_view api_name) {
    const auto* at = std::find(api_field_names.begin(), api_field_names.end(), api_name);
    if (at == api_field_names.end()) {
        return std::nullopt;
    }
    return static_cast<field_code>(at - api_field_names.begin() + 1);
}

std::string field_name(field_code code) {
    if (const auto id = extra_field_id(code)) {
        return fmt::format("custom_extra_fields[{}]", *id);
    }
    return std::string(api_field_names.at(static_cast<std::uint32_t>(code) - 1));
}

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

fingerprint fingerprint_of_value(const field_value& value) {
    const auto* file = std::get_if<field_file>(&value);
    return fingerprint_of(file != nullptr ? "file " + to_bytes(file->content) + file->title : text_of(value));
}

}  // namespace baseload
