#include "field_rules.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {
namespace {

void read_map(table_reader& table, field_rule& rule) {
    const toml::node* node = table.find("map");
    if (node == nullptr) {
        return;
    }
    const toml::table* pairs = node->as_table();
    if (pairs == nullptr) {
        table.fault("map", "must be a table: map = { \"Polska\" = \"PL\" }");
        return;
    }
    for (const auto& [from, to] : *pairs) {
        if (!to.is_string()) {
            table.fault("map", fmt::format("gives {} no text; write it in quotes", in_quotes(from.str())));
            continue;
        }
        rule.map.emplace(std::string(trimmed(from.str())), to.as_string()->get());
    }
}

void read_rule_table(const toml::table& options, const std::string& name, job_faults& faults, field_rule& rule) {
    table_reader table(options, name, faults);
    const auto column = table.text("column");
    const auto pattern = table.text("template");
    rule.column = column.value_or("");
    rule.pattern = pattern.value_or("");
    read_map(table, rule);
    rule.default_text = table.text("default").value_or("");
    if (const auto blank = table.choice("blank", {"keep", "clear"})) {
        rule.blank = *blank == 0 ? blank_policy::keep : blank_policy::clear;
    }
    if (const auto overflow = table.choice("overflow", {"reject", "truncate"})) {
        rule.overflow = *overflow == 0 ? overflow_policy::reject : overflow_policy::truncate;
    }
    table.refuse_unknown();
    if (column && pattern) {
        table.fault("template", "stands beside column; give one of the two");
    } else if (rule.column.empty() && rule.pattern.empty() && rule.default_text.empty()) {
        faults.add(rule.where, fmt::format("{} says nothing of where its text comes from; give it a column, a "
                                           "template or a default",
                                           name));
    }
    if (!rule.default_text.empty() && rule.blank == blank_policy::clear) {
        table.fault("blank", "is \"clear\" beside a default, which leaves nothing blank; give one of the two");
    }
}

}  // namespace

std::vector<field_rule> read_rules(const toml::table& section, const std::string& name, job_faults& faults) {
    std::vector<field_rule> rules;
    for (const auto& [key, node] : section) {
        field_rule rule;
        rule.field = std::string(key.str());
        rule.where = {key.source().begin.line, key.source().begin.column};
        if (const auto* column = node.as_string()) {
            rule.column = column->get();
            if (rule.column.empty()) {
                faults.add(position_of(node), fmt::format("{} {} names no column", name, rule.field));
            }
        } else if (const auto* options = node.as_table()) {
            read_rule_table(*options, fmt::format("{} {}", name, rule.field), faults, rule);
        } else {
            faults.add(position_of(node), fmt::format("{} {} must be a column name in quotes, or a table such as {{ "
                                                      "column = \"Kraj\", default = \"PL\" }}",
                                                      name, rule.field));
            continue;
        }
        rules.push_back(std::move(rule));
    }
    std::sort(rules.begin(), rules.end(), [](const field_rule& a, const field_rule& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return rules;
}

}  // namespace baseload
