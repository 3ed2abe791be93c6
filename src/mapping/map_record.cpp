// A record by the bound rules.
#include "baseload/mapping/mapper.hpp"

#include "baseload/core/field_table.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/plausibility.hpp"
#include "baseload/mapping/validation.hpp"
#include "excel_damage.hpp"
#include "extra_value.hpp"
#include "phone_number.hpp"
#include "text_transforms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

constexpr std::string_view clears_always = "#N/A";

// What is not in the map stays: it may be one of the values that the map translates to.
std::string mapped_text(const std::string& text, const field_rule& rule) {
    const auto at = rule.map.find(text);
    return at == rule.map.end() ? text : at->second;
}

// Neither a name that the map translates nor one that it translates to.
// With the transform "country", names are codes before the map sees them; what is none is refused by validated().
bool is_outside_map(const std::string& text, const field_rule& rule) {
    if (!rule.lookup && rule.map.empty()) {
        return false;  // it has none
    }
    const bool has_country =
        std::find(rule.transforms.begin(), rule.transforms.end(), letter_transform::country) != rule.transforms.end();
    return !has_country && !rule.map.contains(text) &&
           std::none_of(rule.map.begin(), rule.map.end(), [&](const auto& pair) { return pair.second == text; });
}

fault no_phone_number(const std::string& text) {
    return {.code = fault_code::doubtful_phone,
            .where = {},
            .found = text,
            .problem = "is not one telephone number that can be written as +48600700800",
            .remedy = "write one number and nothing else into the cell"};
}

// For a name that is near none.
// Above so many names a message would be a list.
std::string all_of_few(const std::string& name, const std::vector<std::string>& names) {
    constexpr std::size_t few = 12;
    const std::string near = did_you_mean(name, names);
    return !near.empty() || names.empty() || names.size() > few ? near : fmt::format(" (it has {})", listed(names));
}

std::vector<std::string> left_sides(const field_rule& rule) {
    std::vector<std::string> names;
    for (const auto& [from, to] : rule.map) {
        names.push_back(from);
    }
    return names;
}

}  // namespace

bool mapper::is_blank_word(std::string_view cell) const {
    return !job_.source.blank.empty() && !cell.empty() && job_.source.blank.contains(folded(cell));
}

std::string_view mapper::cell_of(const record& row, std::size_t column) const {
    const std::string_view cell =
        flaw_at(row, column) == cell_flaw::none ? trimmed(row.cells[column]) : std::string_view{};
    return is_blank_word(cell) ? std::string_view{} : cell;
}

// Flawed cells count as blank: where that is not meant, their rows are faults before. So does #N/A where another cell
// has a text. A template of which all cells are blank is blank, whatever else stands in it.
std::string mapper::text_of(const bound_rule& bound, const record& row) const {
    // One column, as most fields have: its cell as it stands, #N/A included.
    if (bound.sources.size() == 1 && bound.sources[0].size() == 1 && bound.sources[0][0].column != part::literal) {
        return std::string(cell_of(row, bound.sources[0][0].column));
    }
    bool clears = false;
    for (const std::vector<part>& source : bound.sources) {
        std::string text;
        bool has_text = false;  // of a cell
        bool has_cells = false;
        for (const part& p : source) {
            if (p.column == part::literal) {
                text += p.text;
                continue;
            }
            const std::string_view cell = cell_of(row, p.column);
            clears = clears || cell == clears_always;
            const std::string_view shown = cell == clears_always ? std::string_view{} : cell;
            has_cells = true;
            has_text = has_text || !shown.empty();
            text += shown;
        }
        text = trimmed(text);
        if (!text.empty() && (has_text || !has_cells)) {
            return text;
        }
    }
    return clears ? std::string(clears_always) : std::string{};
}

// What a spreadsheet has spoilt in the cells that the field is made of: in all of them, also those that first_of would
// not come to.
std::optional<fault> mapper::damage_in(const bound_rule& bound, const record& row) const {
    for (const std::vector<part>& source : bound.sources) {
        for (const part& p : source) {
            if (p.column == part::literal) {
                continue;
            }
            const cell_flaw flaw = flaw_at(row, p.column);
            if (flaw != cell_flaw::none && bound.rule->errors == error_policy::reject) {
                return fault_of(flaw, row.cells[p.column]);
            }
            if (auto damage = flaw == cell_flaw::none ? damage_of(trimmed(row.cells[p.column])) : std::nullopt) {
                return damage;
            }
        }
    }
    return std::nullopt;
}

// Part of the record's hash (survey/survey.cpp), so it must come to the same name as map_field() does. A line for each
// rule: otherwise a file could move from one field to another without a change.
std::string mapper::file_versions(const record& row) const {
    std::string versions;
    for (const bound_rule& bound : rules_bound_) {
        if (bound.rule->editor != editor_type::file) {
            continue;
        }
        std::string text = text_of(bound, row);
        if (bound.transforms) {
            text = bound.transforms->apply(text).value_or(std::string{});
        }
        const std::string name = text.empty() ? bound.rule->default_text : mapped_text(text, *bound.rule);
        versions += '\n' + (name.empty() ? std::string{} : attached_files::version_of(bound.rule->folder, name));
    }
    return versions;
}

mapped_record mapper::map(const record& row) const {
    mapped_record mapped;
    // Alone: the other faults of such a row would say nothing new.
    // Behind the source's own cells a rejects file has its reasons.
    const std::size_t own = header_.size() - (is_rejects_header(header_) ? rejection_columns.size() : 0);
    if (auto total = total_row(row, own)) {
        total->where = {source_, row.line, {}};
        mapped.faults.push_back(std::move(*total));
        return mapped;
    }
    if (repeats_header(row)) {
        mapped.faults.push_back({.code = fault_code::header_row,
                                 .where = {source_, row.line, {}},
                                 .found = {},
                                 .problem = "repeats the header, and is no customer",
                                 .remedy = "take the row out"});
        return mapped;
    }
    mapped.fields.reserve(rules_bound_.size());
    for (const bound_rule& bound : rules_bound_) {
        map_field(bound, row, mapped);
    }
    // After all fields, since the country may be mapped behind the postcode.
    verify(row, mapped);
    if (has_lone_key(row)) {
        mapped.warnings.push_back({.code = fault_code::lone_key,
                                   .where = {source_, row.line, header_[key_columns_.front()]},
                                   .found = std::string(trimmed(row.cells[key_columns_.front()])),
                                   .problem = "stands alone in its row, as a title or a last line does",
                                   .remedy = "take the row out if it is no customer"});
    }
    return mapped;
}

client_fields mapper::fields_of(const record& row, std::span<const field_code> fields) const {
    mapped_record mapped;
    if (check_shape(row).empty()) {
        for (const bound_rule& bound : rules_bound_) {
            if (std::find(fields.begin(), fields.end(), bound.code) != fields.end()) {
                map_field(bound, row, mapped);
            }
        }
    }
    return std::move(mapped.fields);
}

void mapper::map_field(const bound_rule& bound, const record& row, mapped_record& into) const {
    const field_rule& rule = *bound.rule;
    std::string text = text_of(bound, row);
    const auto add_fault = [&](fault f) {
        f.where = {source_, row.line, bound.label};
        into.faults.push_back(std::move(f));
    };
    if (auto damage = damage_in(bound, row)) {
        add_fault(std::move(*damage));
        return;
    }
    // #N/A is an order to clear and no text; a transform could make another text of it.
    if (bound.transforms && text != clears_always) {
        auto transformed = bound.transforms->apply(text);
        if (!transformed) {
            add_fault({.code = fault_code::not_transformed,
                       .where = {},
                       .found = text,
                       .problem = transformed.error(),
                       .remedy = "correct the pattern in the job, or the cell"});
            return;
        }
        text = std::move(*transformed);
    }
    const bool clear = text == clears_always || (text.empty() && rule.blank == blank_policy::clear);
    if (!clear) {
        if (!text.empty() && is_outside_map(text, rule)) {
            add_fault({.code = fault_code::not_in_map,
                       .where = {},
                       .found = text,
                       .problem = std::string(rule.lookup ? "is no name that the account knows"
                                                          : "is not in the field's map") +
                                  all_of_few(text, left_sides(rule)),
                       .remedy = rule.lookup ? "correct the cell, or add it in the panel"
                                             : "add it to the map in the job, or correct the cell"});
            return;
        }
        if (text.empty()) {
            text = rule.default_text;
        } else if (!rule.map.empty()) {
            text = mapped_text(text, rule);
        }
        if (text.empty()) {
            return;  // keep: the field is not sent
        }
        // Before its length is judged: the service stores one ? for each (tests/mapping/mapper_test.cpp).
        if (rule.editor != editor_type::file) {  // whose name stays, or it would not be found
            into.replaced_characters += replace_beyond_bmp(text);
        }
        // A default goes through this too, unlike through the transforms.
        if (!rule.phone_region.empty()) {
            auto number = e164_of(text, rule.phone_region);
            if (!number && rule.verify == verify_policy::reject) {
                add_fault(no_phone_number(text));
                return;
            }
            if (!number && rule.verify == verify_policy::warn) {
                into.warnings.push_back(no_phone_number(text));
                into.warnings.back().where = {source_, row.line, bound.label};
            }
            text = number.value_or(std::move(text));
        }
    }
    // "-" where there is none: the service keeps no dashes of a tax id, and nothing is left of it.
    const bool is_dashes = text.find_first_not_of(" -") == std::string::npos;
    if (!clear && is_dashes && bound.code == field_code::invoice_tax_id && rule.verify != verify_policy::reject) {
        if (rule.verify == verify_policy::warn) {
            doubt(bound, row,
                  {.code = fault_code::doubtful_tax_id,
                   .where = {},
                   .found = text,
                   .problem = "is no tax id, and was taken for blank",
                   .remedy = "leave the cell blank where there is none"},
                  into);
        }
        return;
    }
    // A fault from here on is of the value, and a default may have it as well.
    auto value = clear ? cleared(bound.code)
                 : rule.editor == editor_type::file
                     ? files_.find(rule.folder, text, rule.overflow == overflow_policy::truncate)
                 : rule.editor != editor_type::unknown ? extra_value(rule, std::move(text))
                                                       : validated(bound.code, std::move(text), rule.overflow);
    if (!value) {
        fault f = std::move(value.error());
        if (const auto word = check_text(f.found)) {
            f.remedy += "; or " + word->remedy;
        }
        add_fault(std::move(f));
        return;
    }
    into.fields.push_back({bound.code, std::move(*value)});
}

}  // namespace baseload
