#pragma once

#include "baseload/core/field_table.hpp"
#include "baseload/core/fingerprint.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What addCrmClient takes (src/api/README.md, "addCrmClient"), as values that passed validation.

namespace baseload {

// A file that an extra field is to hold. Its bytes are read when they are sent.
struct field_file {
    std::string title;
    std::filesystem::path path;
    fingerprint content;

    friend bool operator==(const field_file&, const field_file&) = default;
};

// An empty text clears the field. The file by reference, since files are rare and every row has as many values as
// fields: so all of them are small. Never null.
using field_value = std::variant<std::int64_t, std::string, std::shared_ptr<const field_file>>;

struct client_field {
    field_code code{};
    field_value value;
};

// In the order of the codes, each at most once.
using client_fields = std::vector<client_field>;

// Null for a number and a text.
[[nodiscard]] inline const field_file* file_in(const field_value& value) {
    const auto* file = std::get_if<std::shared_ptr<const field_file>>(&value);
    return file == nullptr ? nullptr : file->get();
}

[[nodiscard]] bool is_blank(const field_value& value);

// As people read it: a number in digits, a file by its title.
[[nodiscard]] std::string text_of(const field_value& value);

[[nodiscard]] content_hash hash_of_value(const field_value& value);

}  // namespace baseload
