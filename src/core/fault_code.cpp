#include "baseload/core/fault_code.hpp"

#include <array>
#include <cstddef>

namespace baseload {
namespace {

// All four are asked for: a forgotten one does not compile.
constexpr fault_code_entry entry(fault_code code, std::string_view name, std::string_view text,
                                 std::string_view remedy) {
    return {code, name, text, remedy};
}

// The texts of `baseload check --codes`. A row's own message is written where its fault arises, since there the value
// and the rule are known. Only the names are a contract (core/fault_code.hpp).
constexpr auto entries = std::to_array<fault_code_entry>({
    entry(fault_code::ragged, "ragged", "the row has more or fewer cells than the header",
          "add what is missing, quote a cell that holds the delimiter, or set [source] ragged = \"pad\""),
    entry(fault_code::total_row, "total_row", "the row sums up the rows above it and is no customer",
          "take the row out"),
    entry(fault_code::header_row, "header_row", "the row repeats the header and is no customer", "take the row out"),
    entry(fault_code::blank_key, "blank_key", "the key is blank", "give the row the key that it has for ever"),
    entry(fault_code::key_conflict, "key_conflict", "several rows have this key, and they differ", "keep one of them"),
    entry(fault_code::key_form, "key_form",
          "the key is new, and differs only by its form from that of a customer without a row",
          "write the key as it was before, or say --new-keys"),
    entry(fault_code::duplicate_customer, "duplicate_customer",
          "another row has the same e-mail address, tax id or telephone number, under another key",
          "merge the rows, or set [key] duplicates = \"warn\""),
    entry(fault_code::repeat, "repeat", "the row repeats one that was rejected", "see that row"),
    entry(fault_code::nothing_to_send, "nothing_to_send", "every mapped cell is blank, which makes no client",
          "fill the row in, or take it out"),
    entry(fault_code::lone_key, "lone_key", "nothing but the key stands in the row", "fill the row in, or take it out"),
    entry(fault_code::cell_error, "cell_error", "the cell holds the error of a formula, or one never calculated",
          "correct the formula, or set errors = \"blank\" for the field"),
    entry(fault_code::excel_damage, "excel_damage", "a spreadsheet has cut a long number (4,85E+10)",
          "format the column as text, and export it again"),
    entry(fault_code::not_transformed, "not_transformed", "the job's pattern could not be applied to the cell",
          "correct the pattern in the job, or the cell"),
    entry(fault_code::not_in_map, "not_in_map", "the text is not in the field's map, or no name that the account knows",
          "correct the cell, or add it to the map or in the panel"),
    entry(fault_code::bad_number, "bad_number", "the text is no number that the field takes",
          "write it in digits alone"),
    entry(fault_code::bad_country, "bad_country", "the text is no ISO 3166-1 code of two letters",
          "write PL, DE, …, or set transform = [\"country\"]"),
    entry(fault_code::bad_email, "bad_email", "the text is no e-mail address", "write one address, as name@domain.tld"),
    entry(fault_code::bad_tax_id, "bad_tax_id", "the tax id has nothing but dashes", "write its digits"),
    entry(fault_code::bad_date, "bad_date", "the text is no date", "write it as 2024-01-31 or 31.01.2024"),
    entry(fault_code::bad_checkbox, "bad_checkbox", "the text is neither yes nor no", "write tak or nie"),
    entry(fault_code::not_an_option, "not_an_option", "the extra field has no such option",
          "write one of its options, or add it in the panel and run baseload account"),
    entry(fault_code::too_long, "too_long", "the text is longer than the field holds",
          "shorten it, or set overflow = \"truncate\" for the field"),
    entry(fault_code::doubtful_phone, "doubtful_phone", "the text is not one whole telephone number",
          "write one number and nothing else into the cell"),
    entry(fault_code::doubtful_postcode, "doubtful_postcode", "the postcode has lost its zeros, it seems",
          "format the column as text, and export it again"),
    entry(fault_code::doubtful_tax_id, "doubtful_tax_id", "the tax id has a wrong length or check digit",
          "compare it with the customer's papers"),
    entry(fault_code::doubtful_text, "doubtful_text",
          "the text is a word for \"nothing\", or what a spreadsheet put before it",
          "leave the cell blank, or name the word in [source] blank"),
    entry(fault_code::bad_file, "bad_file", "the file is empty, too large, or lies outside the folders allowed",
          "put a file of 2 MiB at most into the job's folder"),
    entry(fault_code::no_file, "no_file", "there is no such file, or it cannot be read",
          "put the file there, or correct the cell"),
    entry(fault_code::file_changed, "file_changed", "the file was changed while the run went on", "run again"),
    entry(fault_code::client_deleted, "client_deleted", "the account does not have the row's client any more",
          "set [account] on_deleted = \"recreate\" to make it anew"),
    entry(fault_code::refused_by_service, "the service's own", "the service refused the row, by a code of its own",
          "change the row, or run with --retry-rejected"),
});

// `none` is 0 and has no line, hence the 1.
constexpr bool is_complete() {
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (static_cast<std::size_t>(entries[i].code) != i + 1) {
            return false;
        }
    }
    return entries.size() == static_cast<std::size_t>(fault_code::refused_by_service);
}
static_assert(is_complete(), "each code has one line, in the order of the enumeration");

}  // namespace

std::span<const fault_code_entry> fault_codes() {
    return entries;
}

std::string_view name_of(fault_code code) {
    // In reports code_text() puts the service's own code in the place of the last one's name.
    return code == fault_code::none ? std::string_view{} : entries.at(static_cast<std::size_t>(code) - 1).name;
}

}  // namespace baseload
