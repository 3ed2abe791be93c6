#include "baseload/core/fingerprint.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/plausibility.hpp"
#include "baseload/mapping/suggestion.hpp"
#include "baseload/mapping/validation.hpp"
#include "country_names.hpp"

#include <algorithm>
#include <unordered_set>

namespace baseload {
namespace {

constexpr std::size_t max_samples = 2;

bool is_postcode(std::string_view text) {
    return text.size() == 6 && text[2] == '-' && is_digit(text[0]) && is_digit(text[1]) && is_digit(text[3]) &&
           is_digit(text[4]) && is_digit(text[5]);
}

// 15 digits are the most that E.164 allows; a Polish number without its country's code has 9.
bool is_phone(std::string_view text) {
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    return digits >= 9 && digits <= 15 && std::all_of(text.begin(), text.end(), [](char c) {
               return is_digit(c) || std::string_view("+-() /.").find(c) != std::string_view::npos;
           });
}

bool is_letter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// One that can be judged: ten digits, or a country's letters before it.
bool is_tax_id(std::string_view text) {
    const std::string id = without_spaces_and_dashes(text);
    const bool has_country = id.size() >= 10 && is_letter(id[0]) && is_letter(id[1]);
    const bool is_national = id.size() == 10 && std::all_of(id.begin(), id.end(), is_digit);
    const bool has_digits = std::count_if(id.begin(), id.end(), is_digit) >= 8;
    // "PL": a bare number is judged as a NIP. What check_tax_id cannot judge it does not doubt, so ten characters that
    // begin with letters of no known country count as well.
    return has_digits && (has_country || is_national) && !check_tax_id(id, "PL").doubt;
}

// K-0017, 1001; no 2024-01-31, 31.01.2024 nor 12,50.
bool is_code(std::string_view text) {
    const auto digits = std::count_if(text.begin(), text.end(), is_digit);
    const bool clean = std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || is_letter(c) || std::string_view("-_/.").find(c) != std::string_view::npos;
    });
    const bool has_letter = std::any_of(text.begin(), text.end(), is_letter);
    const auto points = std::count(text.begin(), text.end(), '.');
    const bool is_date = !has_letter && digits >= 6 && digits <= 8 && text.find_first_of("-/.") != std::string::npos;
    return clean && digits > 0 && text.size() <= 40 && !is_date && (has_letter || points == 0);
}

bool is_valid(field_code code, std::string_view text) {
    return validated(code, std::string(text), overflow_policy::reject).has_value();
}

// The kinds exclude each other where the same text could be several: a NIP has ten digits, like a telephone number.
void judge(std::string_view text, column_profile& into) {
    const bool is_tax = is_tax_id(text);
    into.emails += text.find('@') != std::string_view::npos && is_valid(field_code::email, text) ? 1 : 0;
    into.tax_ids += is_tax ? 1 : 0;
    into.polish_tax_ids += is_tax && is_digit(trimmed(text).front()) ? 1 : 0;
    into.postcodes += is_postcode(text) ? 1 : 0;
    into.phones += is_phone(text) && !is_tax ? 1 : 0;
    into.codes += is_code(text) && !is_postcode(text) && !is_phone(text) && !is_tax ? 1 : 0;
    if (text.size() == 2) {
        into.country_codes += is_valid(field_code::invoice_country_code, text) ? 1 : 0;
    } else {
        into.countries += country_by_name(text) ? 1 : 0;
    }
}

}  // namespace

// Of a value only its hash is kept, to save memory. Two values with the same 64 bits would make a unique column look as
// if it were not, which is hardly ever to be expected.
struct column_profiler::state {
    std::vector<column_profile> columns;
    std::vector<std::unordered_set<std::uint64_t>> values;  // hashes, of columns that are unique so far
};

column_profiler::column_profiler(const std::vector<std::string>& header) : state_(std::make_unique<state>()) {
    for (const std::string& name : header) {
        state_->columns.push_back({.name = name, .samples = {}});
    }
    state_->values.resize(header.size());
}

column_profiler::~column_profiler() = default;

const std::vector<column_profile>& column_profiler::columns() const {
    return state_->columns;
}

void column_profiler::add(const record& row) {
    for (std::size_t i = 0; i < state_->columns.size(); ++i) {
        column_profile& column = state_->columns[i];
        ++column.rows;
        const std::string_view text = i < row.cells.size() ? trimmed(row.cells[i]) : std::string_view{};
        if (text.empty()) {
            continue;
        }
        // The kind of a column shows early, and judging costs more than reading the row.
        if (++column.filled <= judged_values) {
            judge(text, column);
        }
        const bool is_new_sample =
            std::find(column.samples.begin(), column.samples.end(), text) == column.samples.end();
        if (column.samples.size() < max_samples && is_new_sample) {
            column.samples.emplace_back(text);
        }
        if (column.unique && !state_->values[i].insert(fingerprint_of(text).low).second) {
            column.unique = false;
            // The memory of a column that cannot be unique any more.
            state_->values[i] = {};
        }
    }
}

}  // namespace baseload
