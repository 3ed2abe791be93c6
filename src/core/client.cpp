#include "baseload/core/client.hpp"

namespace baseload {
// Numbers have no other blank than 0: the service shows an unset one as 0 (src/api/README.md, getCrmClients).
bool is_blank(const field_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return text->empty();
    }
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? *number == 0 : file_in(value)->title.empty();
}

std::string text_of(const field_value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return std::to_string(*number);
    }
    const field_file* file = file_in(value);
    return file != nullptr ? file->title : std::get<std::string>(value);
}

// Journals hold these: another form for an equal value would send the field of every client again. A number and its
// digits have the same one. The 16 bytes behind "file " keep files apart from texts; the path does not count, so that a
// moved folder changes nothing.
content_hash hash_of_value(const field_value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        return content_hash_of(*text);
    }
    const field_file* file = file_in(value);
    return content_hash_of(file != nullptr ? "file " + to_bytes(file->content) + file->title : text_of(value));
}

}  // namespace baseload
