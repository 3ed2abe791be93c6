#include "baseload/session/name_lookup.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/list_cache.hpp"
#include "baseload/session/list_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
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
        // All problems at once, so that a person does not correct them one run after the other.
        if (!problems_.empty()) {
            throw command_error(exit_code::usage, problems_);
        }
        return std::move(job_);
    }

private:
    void resolve_field(field_rule& rule) {
        // The job's own map comes first: it translates to the account's names, or to numbers.
        const std::map<std::string, std::string> given = std::exchange(rule.map, {});
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
        const std::map<std::string, std::string> known = rule.map;
        for (const auto& [from, to] : given) {
            if (const auto at = known.find(std::string(trimmed(to))); at != known.end() || all_digits(to)) {
                rule.map.insert_or_assign(from, at != known.end() ? at->second : to);
            } else {
                std::vector<std::string> names;
                std::transform(known.begin(), known.end(), std::back_inserter(names),
                               [](const auto& pair) { return pair.first; });
                problem(rule, fmt::format("[fields] {}: its map makes {} of {}, which is no name that the account "
                                          "knows{}",
                                          rule.field, in_quotes(to), in_quotes(from), did_you_mean(to, names)));
            }
        }
    }

    // A default may be a name too.
    void resolve_default(field_rule& rule) {
        // By its name first; then a number is looked for among the ids.
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
        // Trimmed: people cannot see a blank at the end of a name in the panel, and sources do not have it.
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
        // Not the first one: which of two equal names is meant nobody can say.
        if (found.size() > 1) {
            problem(rule, fmt::format("[extra_fields] the account has several extra fields called {}; write the number "
                                      "of the one that is meant: baseload account lists them",
                                      in_quotes(rule.field)));
            // A number is taken as it is: the account's list may lack it, and the service then refuses the row.
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
        // An editor that this program does not know checks nothing: the value is sent as text.
        const editor_type editor = at < types.size() ? types.at(at) : editor_type::unknown;
        if (rule.editor == editor_type::file && editor != editor_type::file && editor != editor_type::unknown) {
            problem(rule,
                    fmt::format("[extra_fields] {} holds no files in the account, but is a {} field; write column "
                                "instead of file",
                                in_quotes(rule.field), name));
        } else if (editor == editor_type::file && rule.editor != editor_type::file) {
            problem(rule,
                    fmt::format("[extra_fields] {} holds files in the account; say which column names them, and in "
                                "which folder they lie: {{ file = {}, folder = \"…\" }}",
                                in_quotes(rule.field), in_quotes(rule.column)));
        } else if (editor != editor_type::unknown) {
            rule.editor = editor;
        }
    }

    void problem(const field_rule& rule, const std::string& text) {
        problems_ += fmt::format("{}{}, line {}, column {}: {}", problems_.empty() ? "" : "\n",
                                 rule.where.file.empty() ? job_.job.string() : rule.where.file, rule.where.line,
                                 rule.where.column, text);
    }

    settings job_;
    const account_listing& account_;
    std::string problems_;
};

}  // namespace

list_selection lists_of(const settings& job) {
    list_selection needed;
    for (const field_rule& rule : job.fields) {
        needed.statuses = needed.statuses || (rule.lookup && rule.field == "status_id");
        needed.contractors = needed.contractors || (rule.lookup && rule.field == "contractor_id");
    }
    for (const field_rule& rule : job.extra_fields) {
        // Fields that are all numbers need no list.
        needed.extra_fields = needed.extra_fields || rule.lookup || !all_digits(rule.field);
    }
    return needed;
}

settings look_up_names(const settings& job, account_session& session, journal& j) {
    const list_selection needed = lists_of(job);
    // What was kept serves the fields that are numbers, whose editors and options are checked where they are known.
    account_listing listing = recall_lists(j).listing;
    if (needed.any()) {
        listing = read_lists(session, needed, std::move(listing));
        cache_lists(j, listing, needed);
    }
    return name_resolver(job, listing).resolve();
}

settings recall_names(const settings& job, journal& j) {
    const list_selection needed = lists_of(job);
    const cached_lists cached = recall_lists(j);
    const list_selection& present = cached.present;
    if ((needed.statuses && !present.statuses) || (needed.extra_fields && !present.extra_fields) ||
        (needed.contractors && !present.contractors)) {
        throw command_error(
            exit_code::usage,
            fmt::format("{} has names that the account has to tell the numbers of, and it was not asked yet; "
                        "baseload account {} asks it, and keeps what it says for later",
                        job.job.string(), shell_word(job.job.string())));
    }
    return name_resolver(job, cached.listing).resolve();
}

void cache_listing(const settings& job, const account_listing& listing) {
    // Else opening the journal would make one, and lock it, for nothing.
    if (lists_of(job).any() || !job.extra_fields.empty()) {
        cache_lists(*open_job_journal(job), listing,
                    {.statuses = true, .extra_fields = true, .contractors = !listing.contractors_fault});
    }
}

}  // namespace baseload
