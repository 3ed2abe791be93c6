#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace baseload {

// Every fault that a row can have, but for the service's own codes. The names are what machines read in rejects files
// and JSON: never rename one. A code that lacks its line in the table (fault_code.cpp) does not compile.
enum class fault_code : std::uint8_t {
    none,  // of a request or a source, and not of a row
    // the row as a whole
    ragged,
    total_row,
    header_row,
    blank_key,
    key_conflict,
    key_form,
    duplicate_customer,
    repeat,
    nothing_to_send,
    lone_key,
    // a cell
    cell_error,
    excel_damage,
    not_transformed,
    not_in_map,
    // a value
    bad_number,
    bad_country,
    bad_email,
    bad_tax_id,
    bad_date,
    bad_checkbox,
    not_an_option,
    too_long,
    doubtful_phone,
    doubtful_postcode,
    doubtful_tax_id,
    doubtful_text,
    // a file that a row names
    bad_file,
    no_file,
    file_changed,
    // the service's answer
    client_deleted,
    refused_by_service  // fault::service_code says by which code
};

struct fault_code_entry {
    fault_code code{};
    std::string_view name;    // "bad_email"
    std::string_view text;    // what it means
    std::string_view remedy;  // what puts it right, in general
};

// All of them but `none`, in the order of the enumeration.
[[nodiscard]] std::span<const fault_code_entry> fault_codes();

// "bad_email"; blank for `none`.
[[nodiscard]] std::string_view name_of(fault_code code);

}  // namespace baseload
