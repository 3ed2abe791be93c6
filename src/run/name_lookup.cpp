#include "name_lookup.hpp"

#include "account_reading.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"
#include "kept_lists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// A job's rules with what the lists say of them; gathers all that is wrong.
class name_resolver {
public:
    name_resolver(settings job, const account_listing& account) : job_(std::move(job)), account_(account) {}

    settings resolve() {
        for (field_rule& rule : job_.fields) {
            if (rule.lookup) {
                resolve_field(rule);
            }
        }
        for (field_rule& rule : job_.extra_fields) {
            resolve_extra_field(rule);
        }
        if (!problems_.empty()) {
            throw stop(exit_code::usage, problems_);
        }
        return std::move(job_);
    }

private:
    void resolve_field(field_rule& rule) {
        if (rule.field == "status_id") {
            for (const client_status& s : account_.statuses) {
                add_name(rule, s.name, s.id);
            }
        } else if (rule.field == "contractor_id") {
            for (const contractor& c : account_.contractors) {
                add_name(rule, c.name, c.id);
            }
        } else {
            problem(rule, fmt::format("[fields] {} has no names to look up; lookup is for status_id and contractor_id",
                                      rule.field));
            return;
        }
        resolve_default(rule);
    }

    // A default may be a name too.
    void resolve_default(field_rule& rule) {
        const auto named = rule.map.find(std::string(trimmed(rule.default_text)));
        if (named != rule.map.end()) {
            rule.default_text = named->second;
            return;
        }
        const bool is_id = std::any_of(rule.map.begin(), rule.map.end(),
                                       [&](const auto& pair) { return pair.second == rule.default_text; });
        if (rule.default_text.empty() || is_id) {
            return;
        }
        std::vector<std::string> names;
        std::transform(rule.map.begin(), rule.map.end(), std::back_inserter(names),
                       [](const auto& pair) { return pair.first; });
        problem(rule, fmt::format("[fields] {}: its default {} is no name that the account knows{}", rule.field,
                                  in_quotes(rule.default_text), did_you_mean(rule.default_text, names)));
    }

    void add_name(field_rule& rule, const std::string& name, std::int64_t id) {
        const auto [known, is_new] = rule.map.emplace(std::string(trimmed(name)), std::to_string(id));
        if (!is_new && known->second != std::to_string(id)) {
            problem(rule, fmt::format("[fields] {}: the account has {} twice ({} and {}); rename one in the panel, or "
                                      "map names to numbers without lookup",
                                      rule.field, in_quotes(name), known->second, id));
        }
    }

    void resolve_extra_field(field_rule& rule) {
        std::vector<const extra_field_type*> found;
        std::vector<std::string> names;
        for (const extra_field_type& type : account_.extra_fields) {
            names.push_back(type.name);
            if (std::to_string(type.id) == rule.field || trimmed(type.name) == trimmed(rule.field)) {
                found.push_back(&type);
            }
        }
        if (found.size() > 1) {
            problem(rule, fmt::format("[extra_fields] the account has several extra fields called {}; write the number "
                                      "of the one that is meant: baseload account lists them",
                                      in_quotes(rule.field)));
        } else if (found.empty() && !all_digits(rule.field)) {
            problem(rule,
                    fmt::format("[extra_fields] the account has no extra field {}{}; it has {}", in_quotes(rule.field),
                                did_you_mean(rule.field, names), names.empty() ? "none" : listed(names)));
        } else if (!found.empty()) {
            rule.field = std::to_string(found.front()->id);
            rule.options = found.front()->options;
            settle_editor(rule, found.front()->editor);
        }
    }

    void settle_editor(field_rule& rule, const std::string& name) {
        constexpr std::array<std::string_view, 7> names = {"text",     "number", "select", "radio",
                                                           "checkbox", "date",   "file"};
        constexpr std::array<editor_type, 7> types = {editor_type::text,  editor_type::number,   editor_type::select,
                                                      editor_type::radio, editor_type::checkbox, editor_type::date,
                                                      editor_type::file};
        const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
        const editor_type editor = at < types.size() ? types.at(at) : editor_type::unknown;
        if (rule.editor == editor_type::file && editor != editor_type::file && editor != editor_type::unknown) {
            problem(rule,
                    fmt::format("[extra_fields] {} holds no files in the account, but is a {} field; write column "
                                "instead of file",
                                in_quotes(rule.field), name));
        } else if (editor != editor_type::unknown) {
            rule.editor = editor;
        }
    }

    void problem(const field_rule& rule, const std::string& text) {
        problems_ += fmt::format("{}{}, line {}, column {}: {}", problems_.empty() ? "" : "\n", job_.job.string(),
                                 rule.where.line, rule.where.column, text);
    }

    settings job_;
    const account_listing& account_;
    std::string problems_;
};

}  // namespace

std::uint64_t needed_lists::requests() const {
    return (statuses ? 1U : 0U) + (extra_fields ? 1U : 0U) + (contractors ? 2U : 0U);
}

needed_lists lists_of(const settings& job) {
    needed_lists needed;
    for (const field_rule& rule : job.fields) {
        needed.statuses = needed.statuses || (rule.lookup && rule.field == "status_id");
        needed.contractors = needed.contractors || (rule.lookup && rule.field == "contractor_id");
    }
    for (const field_rule& rule : job.extra_fields) {
        needed.extra_fields = needed.extra_fields || rule.lookup || !all_digits(rule.field);
    }
    return needed;
}

settings look_up_names(const settings& job, account_session& account, journal& known) {
    const needed_lists needed = lists_of(job);
    account_listing listing = kept_lists(known).listing;
    if (needed.any()) {
        read_lists(account, needed.statuses, needed.extra_fields, needed.contractors, listing);
        keep_lists(known, listing, needed.statuses, needed.extra_fields, needed.contractors);
    }
    return name_resolver(job, listing).resolve();
}

settings recall_names(const settings& job, journal& known) {
    const needed_lists needed = lists_of(job);
    const kept kept = kept_lists(known);
    if ((needed.statuses && !kept.statuses) || (needed.extra_fields && !kept.extra_fields) ||
        (needed.contractors && !kept.contractors)) {
        throw stop(exit_code::usage,
                   fmt::format("{} has names that the account has to tell the numbers of, and it was not asked yet; "
                               "baseload account {} asks it, and keeps what it says for later",
                               job.job.string(), shell_word(job.job.string())));
    }
    return name_resolver(job, kept.listing).resolve();
}

}  // namespace baseload
