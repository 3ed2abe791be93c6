#include "row_conditions.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {
namespace {

// A text, or a list of texts. False when it is neither.
bool read_values(const toml::node& node, row_condition& into) {
    const auto add = [&](const toml::node& value) {
        const auto* text = value.as_string();
        if (text != nullptr) {
            into.values.insert(folded(trimmed(text->get())));
        }
        return text != nullptr;
    };
    const toml::array* list = node.as_array();
    if (list == nullptr) {
        return add(node);
    }
    bool all = !list->empty();
    for (const toml::node& value : *list) {
        all = add(value) && all;
    }
    return all;
}

bool read_pattern(const toml::table& table, row_condition& into) {
    const toml::node* pattern = table.get("regex");
    if (table.size() != 1 || pattern == nullptr || !pattern->is_string() || pattern->as_string()->get().empty()) {
        return false;
    }
    into.pattern = pattern->as_string()->get();
    return true;
}

}  // namespace

std::vector<row_condition> read_row_conditions(table_reader& table, std::string_view option) {
    std::vector<row_condition> conditions;
    const toml::node* node = table.find(option);
    if (node == nullptr) {
        return conditions;
    }
    const toml::table* columns = node->as_table();
    if (columns == nullptr || columns->empty()) {
        table.fault(option, fmt::format("must name columns and what their cells say: {} = {{ \"Aktywny\" = [\"T\", "
                                        "\"Tak\"] }}",
                                        option));
        return conditions;
    }
    for (const auto& [column, said] : *columns) {
        row_condition condition{
            .column = std::string(column.str()), .values = {}, .pattern = {}, .where = position_of(said)};
        const bool is_read = said.is_table() ? read_pattern(*said.as_table(), condition) : read_values(said, condition);
        if (is_read) {
            conditions.push_back(std::move(condition));
        } else {
            table.fault(option, fmt::format("says nothing of {} that can be looked for; write a text, a list of texts "
                                            "(\"\" is a blank cell), or {{ regex = \"^B2B\" }}",
                                            in_quotes(column.str())));
        }
    }
    return conditions;
}

}  // namespace baseload
