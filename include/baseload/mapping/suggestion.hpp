#pragma once

#include "baseload/core/record.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a job could look like for a file that nobody has described yet.

namespace baseload {

// The API's field that a column of this name most likely holds: names that Polish, English and
// German exports use; blank when none is known. "first name", "last name", "house number" and
// "flat number" are no fields, but parts of some; "row number" is what changes when rows are sorted.
[[nodiscard]] std::string_view field_by_header(std::string_view column);

// The kind of a column shows in its first so many values; whether they are unique, only in all.
inline constexpr std::uint64_t judged_values = 10'000;

// What one column holds, over all rows.
struct column_profile {
    std::string name;
    std::vector<std::string> samples;  // two, not blank, different where there are such
    std::uint64_t rows = 0;
    std::uint64_t filled = 0;
    std::uint64_t emails = 0;
    std::uint64_t tax_ids = 0;         // NIPs with a right check digit, or VAT numbers of the right form
    std::uint64_t polish_tax_ids = 0;  // of these: NIPs without a country's letters
    std::uint64_t postcodes = 0;       // 00-000
    std::uint64_t phones = 0;          // 9 to 15 digits, with signs that numbers are written with
    std::uint64_t codes = 0;  // ASCII letters and signs with a digit, and none of the above, no date and no decimals
    std::uint64_t countries = 0;  // names
    std::uint64_t country_codes = 0;
    bool unique = true;  // no value twice
};

// Gathers the profiles, a record at a time. Memory grows with the values of columns that have none twice, by eight
// bytes a value.
class column_profiler {
public:
    explicit column_profiler(const std::vector<std::string>& header);
    ~column_profiler();
    column_profiler(const column_profiler&) = delete;
    column_profiler& operator=(const column_profiler&) = delete;

    void add(const record& row);
    [[nodiscard]] const std::vector<column_profile>& columns() const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

// One line of [fields].
struct field_suggestion {
    std::string field;
    std::string column;   // or
    std::string pattern;  // a template
    std::vector<std::string> transforms;
    std::string reason;  // for people; blank when the column is simply called so
};

struct job_suggestion {
    std::vector<field_suggestion> fields;  // in the API's order
    std::string key;                       // the column that identifies a customer
    std::string key_reason;
    std::string default_country;        // of all rows, where no column has one: for a person to confirm; or blank
    std::vector<std::string> unmapped;  // columns
};

// Pure. Precondition: at least one column.
[[nodiscard]] job_suggestion suggest_job(const std::vector<column_profile>& columns);

}  // namespace baseload
