// What is hardly meant in a record, by the bound rules.
#include "baseload/core/field_table.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/mapping/plausibility.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace baseload {
namespace {

// Blank for numbers, files and fields that the record does not have.
std::string_view text_value(const client_fields& fields, field_code code) {
    for (const client_field& field : fields) {
        if (field.code == code && std::holds_alternative<std::string>(field.value)) {
            return std::get<std::string>(field.value);
        }
    }
    return {};
}

}  // namespace

// Files that were put together hold the header more than once.
bool mapper::repeats_header(const record& row) const {
    std::size_t equal = 0;
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        const std::string_view cell = trimmed(row.cells[column]);
        if (!cell.empty() && cell != header_[column]) {
            return false;
        }
        equal += cell.empty() ? 0 : 1;
    }
    return equal > 1;
}

// Only where other cells could have been filled.
bool mapper::has_lone_key(const record& row) const {
    constexpr std::size_t fewest_columns = 3;
    if (key_columns_.size() != 1 || header_.size() < fewest_columns) {
        return false;
    }
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        if (column != key_columns_.front() && !trimmed(row.cells[column]).empty()) {
            return false;
        }
    }
    return true;
}

// What the service would take and a person would not: for the eyes of one.
void mapper::verify(const record& row, mapped_record& into) const {
    // Rules and fields have one order, that of the codes.
    auto field = into.fields.begin();
    for (const bound_rule& bound : rules_bound_) {
        if (field == into.fields.end() || field->code != bound.code) {
            continue;
        }
        const auto* text = std::get_if<std::string>(&field->value);
        ++field;
        if (text != nullptr && !text->empty() && bound.rule->verify != verify_policy::off) {
            verify_number(bound, *text, row, into);
            verify_text(bound, *text, row, into);
        }
    }
}

void mapper::doubt(const bound_rule& bound, const record& row, fault f, mapped_record& into) const {
    f.where = {source_, row.line, bound.label};
    (bound.rule->verify == verify_policy::reject ? into.faults : into.warnings).push_back(std::move(f));
}

// A postcode or a tax id, by the rules of its row's country.
void mapper::verify_number(const bound_rule& bound, std::string_view text, const record& row,
                           mapped_record& into) const {
    const bool is_delivery = bound.code == field_code::delivery_postcode;
    const bool is_postcode = is_delivery || bound.code == field_code::invoice_postcode;
    if (!is_postcode && bound.code != field_code::invoice_tax_id) {
        return;
    }
    const std::string_view country =
        text_value(into.fields, is_delivery ? field_code::delivery_country_code : field_code::invoice_country_code);
    const plausibility found = is_postcode ? check_postcode(text, country) : check_tax_id(text, country);
    into.unchecked_values += found.is_judged || !country.empty() ? 0 : 1;
    if (found.doubt) {
        doubt(bound, row,
              {.code = is_postcode ? fault_code::doubtful_postcode : fault_code::doubtful_tax_id,
               .where = {},
               .found = std::string(text),
               .problem = found.doubt->problem,
               .remedy = found.doubt->remedy},
              into);
    }
}

// Cells that say in a word that there is nothing, or that a spreadsheet guards. Of one that goes through a map or a
// pattern, what comes of it counts.
void mapper::verify_text(const bound_rule& bound, std::string_view value, const record& row,
                         mapped_record& into) const {
    const field_kind kind = traits_of(bound.code).kind;
    const bool is_text = kind == field_kind::text || kind == field_kind::long_text;
    if (!is_text || bound.rule->editor == editor_type::file) {
        return;
    }
    const auto look_at = [&](std::string_view text) {
        if (auto found = check_text(text)) {
            doubt(bound, row,
                  {.code = fault_code::doubtful_text,
                   .where = {},
                   .found = std::string(text),
                   .problem = found->problem,
                   .remedy = found->remedy},
                  into);
            return true;
        }
        return false;
    };
    if (look_at(value) || bound.transforms || !bound.rule->map.empty()) {
        return;
    }
    // A word in one cell of several: "brak Nowak". Of first_of the one that counts was looked at above.
    if (bound.sources.size() == 1 && bound.sources[0].size() == 1) {
        return;
    }
    for (const std::vector<part>& source : bound.sources) {
        for (const part& p : source) {
            const bool is_cell = source.size() > 1 && p.column != part::literal;
            if (is_cell && look_at(cell_of(row, p.column))) {
                return;
            }
        }
    }
}

}  // namespace baseload
