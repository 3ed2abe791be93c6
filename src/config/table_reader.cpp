#include "table_reader.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace baseload {
namespace {

std::string_view type_name(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table: return "a table";
    case toml::node_type::array: return "an array";
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "a whole number";
    case toml::node_type::floating_point: return "a fraction";
    case toml::node_type::boolean: return "true or false";
    default: return "a date or time";
    }
}

}  // namespace

void job_faults::add(job_position where, const std::string& message) {
    found_.emplace_back(where, message);
}

// Sorted by place. Faults of the document as a whole have no line and come first; those of one place stay in the order
// in which they were found.
void job_faults::raise() const {
    if (found_.empty()) {
        return;
    }
    auto in_order = found_;
    std::stable_sort(in_order.begin(), in_order.end(), [](const auto& a, const auto& b) {
        return std::pair(a.first.line, a.first.column) < std::pair(b.first.line, b.first.column);
    });
    std::string text;
    for (const auto& [where, message] : in_order) {
        text += text.empty() ? "" : "\n";
        text += where.file.empty() ? file_ : where.file;
        if (where.line != 0) {
            text += fmt::format(", line {}, column {}", where.line, where.column);
        }
        text += ": " + message;
    }
    throw command_error(exit_code::usage, text);
}

// Line and column from 1. Of a table that is not in the document (an absent section) both are 0, and raise() shows
// none.
job_position position_of(const toml::source_region& at) {
    return {at.begin.line, at.begin.column, at.path ? *at.path : std::string{}};
}

job_position position_of(const toml::node& node) {
    return position_of(node.source());
}

// Known even if the table lacks it: refuse_unknown() and its suggestions then have every option there is.
const toml::node* table_reader::find(std::string_view option) {
    known_.emplace_back(option);
    return table_.get(option);
}

std::optional<std::string> table_reader::text(std::string_view option) {
    const toml::node* node = find(option);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_string()) {
        fault(option, fmt::format("is {}; a text in quotes is expected", type_name(*node)));
        return std::nullopt;
    }
    return node->as_string()->get();
}

std::optional<std::int64_t> table_reader::integer(std::string_view option, std::int64_t least, std::int64_t most) {
    const toml::node* node = find(option);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_integer()) {
        fault(option, fmt::format("is {}; a whole number is expected", type_name(*node)));
        return std::nullopt;
    }
    const std::int64_t value = node->as_integer()->get();
    if (value < least || value > most) {
        fault(option, fmt::format("is {}; {} to {} is expected", value, least, most));
        return std::nullopt;
    }
    return value;
}

std::optional<bool> table_reader::boolean(std::string_view option) {
    const toml::node* node = find(option);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_boolean()) {
        fault(option, fmt::format("is {}; true or false is expected", type_name(*node)));
        return std::nullopt;
    }
    return node->as_boolean()->get();
}

std::optional<std::chrono::milliseconds> table_reader::duration(std::string_view option) {
    const auto written = text(option);
    if (!written) {
        return std::nullopt;
    }
    const auto parsed = parse_duration(*written);
    // Nobody means a duration of 0: as a timeout it would end each request before its answer.
    if (!parsed || parsed->count() == 0) {
        fault(option, fmt::format("is {}; a duration like \"30s\", \"500ms\", \"10m\" or \"2h\" is expected",
                                  in_quotes(*written)));
        return std::nullopt;
    }
    return parsed;
}

std::optional<double> table_reader::share(std::string_view option) {
    const auto written = text(option);
    if (!written) {
        return std::nullopt;
    }
    const auto parsed = parse_share(*written);
    if (!parsed) {
        fault(option, fmt::format("is {}; a share like \"20%\" is expected", in_quotes(*written)));
    }
    return parsed;
}

// Only as it is written: options are case-sensitive, like TOML's keys.
std::optional<std::size_t> table_reader::choice(std::string_view option, const std::vector<std::string>& words) {
    const auto written = text(option);
    if (!written) {
        return std::nullopt;
    }
    const auto at = std::find(words.begin(), words.end(), *written);
    if (at == words.end()) {
        std::vector<std::string> shown;
        std::transform(words.begin(), words.end(), std::back_inserter(shown),
                       [](const auto& w) { return in_quotes(w); });
        fault(option, fmt::format("is {}; expected is one of {}{}", in_quotes(*written), listed(shown),
                                  did_you_mean(*written, words)));
        return std::nullopt;
    }
    return static_cast<std::size_t>(at - words.begin());
}

// Precondition: every option was asked for before. The rest are mistakes in writing, and not read as silence: a
// misspelt limit would otherwise leave the default in force.
void table_reader::refuse_unknown() const {
    for (const auto& [key, node] : table_) {
        const std::string_view option = key.str();
        if (std::find(known_.begin(), known_.end(), option) == known_.end()) {
            faults_.add(position_of(key.source()),
                        fmt::format("{} has no option {}{}", name_, in_quotes(option), did_you_mean(option, known_)));
        }
    }
}

// An option that is missing has no place of its own: the fault is then at its table.
void table_reader::fault(std::string_view option, const std::string& message) {
    const toml::node* node = table_.get(option);
    faults_.add(node != nullptr ? position_of(*node) : where(), fmt::format("{} {} {}", name_, option, message));
}

}  // namespace baseload
