#include "reported_job.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "recorded_runs.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

namespace baseload {
namespace {

std::string origin_of(const field_rule& rule) {
    if (!rule.column.empty()) {
        return rule.column;
    }
    if (!rule.first_of.empty()) {
        return "the first that is not blank of " + listed(rule.first_of);
    }
    return rule.pattern.empty() ? "always " + in_quotes(rule.default_text) : rule.pattern;
}

std::string treatment_of(const field_rule& rule) {
    std::vector<std::string> all;
    const auto add = [&](bool is_so, std::string text) {
        if (is_so) {
            all.push_back(std::move(text));
        }
    };
    const bool is_constant = rule.column.empty() && rule.first_of.empty() && rule.pattern.empty();
    add(!rule.map.empty(), fmt::format("by a map of {}", counted(rule.map.size(), "value")));
    add(!rule.replace.empty(), "parts replaced");
    add(rule.part != text_part::all, "a part of the words");
    add(!rule.transforms.empty(), "letters changed");
    add(!rule.phone_region.empty(), "numbers of " + rule.phone_region);
    add(rule.lookup, "by its name in the account");
    add(!rule.date_format.empty(), "a date as " + rule.date_format);
    add(!rule.folder.empty(), "a file");
    add(!is_constant && !rule.default_text.empty(), "else " + in_quotes(rule.default_text));
    add(rule.blank == blank_policy::clear, "a blank cell clears it");
    add(rule.overflow == overflow_policy::truncate, "cut where it is too long");
    return listed(all);
}

void add(const std::vector<field_rule>& rules, const char* prefix, std::vector<mapped_field>& into) {
    for (const field_rule& rule : rules) {
        into.push_back({origin_of(rule), prefix + rule.field, treatment_of(rule)});
    }
}

}  // namespace

reported_run reported(const run_summary& summary, const settings* job) {
    reported_run run{.summary = summary, .history = {}, .mapping = {}};
    if (job == nullptr) {
        return run;
    }
    add(job->fields, "", run.mapping);
    add(job->extra_fields, "extra field ", run.mapping);
    try {
        run.history = runs_of(job->journal).all;
        const std::size_t behind = run.history.size() - std::min(run.history.size(), max_reported_history);
        run.history.erase(run.history.begin(), run.history.begin() + static_cast<std::ptrdiff_t>(behind));
    } catch (const command_error&) {
        // Of a job that was refused there may be no journal: the report says why.
    }
    return run;
}

}  // namespace baseload
