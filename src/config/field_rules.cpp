#include "field_rules.hpp"

#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

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
        // Cells are trimmed before the map is asked (mapper::text_of), so a name with white space at its ends would
        // never be found.
        rule.map.emplace(std::string(trimmed(from.str())), to.as_string()->get());
    }
}

// Texts in an array; nothing when it is something else, which is a fault.
std::optional<std::vector<std::string>> read_texts(table_reader& table, std::string_view option, const toml::node& node,
                                                   const char* expected) {
    std::vector<std::string> texts;
    const toml::array* items = node.as_array();
    // An item that is no text is skipped here and found below: the counts then differ.
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
        if (const auto* text = items->get(i)->as_string()) {
            texts.push_back(text->get());
        }
    }
    if (items == nullptr || items->empty() || texts.size() != items->size()) {
        table.fault(option, expected);
        return std::nullopt;
    }
    return texts;
}

void read_first_of(table_reader& table, field_rule& rule) {
    if (const toml::node* node = table.find("first_of")) {
        rule.first_of = read_texts(table, "first_of", *node,
                                   "must be a list of column names: first_of = [\"Telefon\", "
                                   "\"Komórka\"]")
                            .value_or(std::vector<std::string>{});
    }
}

void read_part(table_reader& table, field_rule& rule) {
    // Not trimmed, since a space is the usual separator. `all` is the first enumerator and has no word of its own:
    // hence the 1.
    const auto part = table.choice("part", {"first", "rest", "last", "but_last"});
    const auto split = table.text("split");
    if (part) {
        rule.part = static_cast<text_part>(*part + 1);
    }
    rule.split = split.value_or(" ");
    // words_of() (mapping/text_transforms.cpp) never gets past an empty separator.
    if (rule.split.empty()) {
        table.fault("split", "is blank; give it the text between the parts, such as \" \"");
    } else if (split && !part) {
        table.fault("split", "says nothing without part; add part = \"first\", \"rest\", \"last\" or \"but_last\"");
    }
}

// Pairs in a list and not in a table: they are applied one after the other, and toml++ sorts a table by its keys.
// Whether ICU takes a pattern is found when the rule is bound to a header (mapper::transforms_of).
void read_replace(table_reader& table, field_rule& rule) {
    constexpr const char* expected = "must be a list of pairs: replace = [[\"ul\\\\. *\", \"\"], [\"/\", \"-\"]]";
    const toml::node* node = table.find("replace");
    if (node == nullptr) {
        return;
    }
    const toml::array* pairs = node->as_array();
    if (pairs == nullptr || pairs->empty()) {
        table.fault("replace", expected);
        return;
    }
    for (const toml::node& item : *pairs) {
        const auto pair = read_texts(table, "replace", item, expected);
        if (!pair) {
            return;
        }
        if (pair->size() != 2) {
            table.fault("replace", expected);
            return;
        }
        rule.replace.emplace_back(pair->front(), pair->back());
    }
}

void read_transforms(table_reader& table, field_rule& rule) {
    // In the order of letter_transform.
    static const std::vector<std::string> words = {"upper", "lower", "title", "digits", "country"};
    const toml::node* node = table.find("transform");
    if (node == nullptr) {
        return;
    }
    const auto names = read_texts(table, "transform", *node, "must be a list: transform = [\"digits\"]");
    for (const std::string& name : names.value_or(std::vector<std::string>{})) {
        const auto at = std::find(words.begin(), words.end(), name);
        if (at == words.end()) {
            table.fault("transform", fmt::format("has {}; there are {}{}", in_quotes(name), listed(words),
                                                 did_you_mean(name, words)));
            return;
        }
        rule.transforms.push_back(static_cast<letter_transform>(at - words.begin()));
    }
}

// Only the form. Whether the country has numbers is known to libphonenumber, whom mapper::bind asks.
void read_phone_region(table_reader& table, field_rule& rule) {
    const auto region = table.text("phone_region");
    const bool is_code = region && region->size() == 2 && ascii_upper(*region) == *region && !is_digit(region->front());
    if (region && !is_code) {
        table.fault("phone_region",
                    fmt::format("is {}; write a country's two letters, such as \"PL\"", in_quotes(*region)));
    }
    rule.phone_region = region.value_or("");
}

// What stands for year, month and day, in ICU's letters; between quotes, and other characters, as they are. The letters
// that look alike would write minutes, days of the year, or the year of a week.
bool is_date_format(std::string_view format) {
    std::string letters;
    bool quoted = false;
    for (const char c : format) {
        quoted = quoted != (c == '\'');
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        letters += !quoted && is_letter ? std::string(1, c) : "";
    }
    const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
    return !quoted && letters.find_first_not_of("yMd") == std::string::npos && has('y') && has('M') && has('d');
}

void read_date_format(table_reader& table, field_rule& rule) {
    const auto format = table.text("date_format");
    if (format && *format != unix_date_format && !is_date_format(*format)) {
        table.fault("date_format",
                    fmt::format("is {}; write yyyy for the year, MM for the month and dd for the day, such "
                                "as \"dd.MM.yyyy\", or \"unix\" for seconds since 1970",
                                in_quotes(*format)));
    }
    rule.date_format = format.value_or("");
}

// The column that names files.
void read_file(table_reader& table, field_rule& rule) {
    const auto file = table.text("file");
    const auto folder = table.text("folder");
    if (!file) {
        if (folder) {
            table.fault("folder", "says nothing without file, the column that names the files");
        }
        // With neither, the field holds no files, and this function leaves the rule as it is.
        return;
    }
    if (!rule.column.empty() || !rule.pattern.empty() || !rule.first_of.empty()) {
        table.fault("file", "stands beside column, template or first_of; give one of them");
    }
    // The mapper reads the name of the file like any cell. The editor is set here, since the account's list of extra
    // fields may never have been asked for (session/name_lookup.cpp checks it against the list when there is one).
    rule.column = *file;
    rule.editor = editor_type::file;
    // Still as it is written: job_reader::read() makes it absolute.
    rule.folder = folder.value_or("");
    // There is no default, on purpose: whoever writes the cells must not choose among all files of the machine.
    if (rule.folder.empty()) {
        table.fault("file", "needs the folder that the files lie in, and from which alone they are sent: { file = "
                            "\"Plik umowy\", folder = \"umowy\" }");
    }
}

// `name` is how messages call the rule, such as "[fields] email". All options are asked for, whatever was wrong before:
// an option that nobody asked for would be refused as unknown.
void read_rule_table(const toml::table& options, const std::string& name, job_faults& faults, field_rule& rule) {
    table_reader table(options, name, faults);
    const auto column = table.text("column");
    const auto pattern = table.text("template");
    rule.column = column.value_or("");
    rule.pattern = pattern.value_or("");
    read_first_of(table, rule);
    read_file(table, rule);
    read_part(table, rule);
    read_replace(table, rule);
    read_transforms(table, rule);
    read_map(table, rule);
    rule.default_text = table.text("default").value_or("");
    if (const auto blank = table.choice("blank", {"keep", "clear"})) {
        rule.blank = *blank == 0 ? blank_policy::keep : blank_policy::clear;
    }
    if (const auto overflow = table.choice("overflow", {"reject", "truncate"})) {
        rule.overflow = *overflow == 0 ? overflow_policy::reject : overflow_policy::truncate;
    }
    // Here and below the words stand in the order of the enumerators.
    rule.errors = static_cast<error_policy>(table.choice("errors", {"reject", "blank"}).value_or(0));
    rule.verify = static_cast<verify_policy>(table.choice("verify", {"warn", "reject", "off"}).value_or(0));
    read_phone_region(table, rule);
    rule.lookup = table.boolean("lookup").value_or(false);
    read_date_format(table, rule);
    table.refuse_unknown();
    if (column && pattern) {
        table.fault("template", "stands beside column; give one of the two");
    } else if (!rule.first_of.empty() && (column || pattern)) {
        table.fault("first_of", "stands beside column or template; give one of them");
    } else if (rule.column.empty() && rule.pattern.empty() && rule.first_of.empty() && rule.default_text.empty()) {
        faults.add(rule.where, fmt::format("{} says nothing of where its text comes from; give it a column, a "
                                           "template or a default",
                                           name));
    }
    // The mapper decides on clearing before it looks at the default (mapper::map_field), so the default would never be
    // sent.
    if (!rule.default_text.empty() && rule.blank == blank_policy::clear) {
        table.fault("blank", "is \"clear\" beside a default, which leaves nothing blank; give one of the two");
    }
}

}  // namespace

// A rule with a fault is returned as well. That does no harm: job_faults::raise() throws before anybody uses it.
std::vector<field_rule> read_rules(const toml::table& section, const std::string& name, job_faults& faults) {
    std::vector<field_rule> rules;
    for (const auto& [key, node] : section) {
        field_rule rule;
        rule.field = std::string(key.str());
        rule.where = position_of(key.source());
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
    // toml++ iterates by name. Messages and the fingerprint of the rules follow the lines.
    std::sort(rules.begin(), rules.end(), [](const field_rule& a, const field_rule& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
    });
    return rules;
}

}  // namespace baseload
