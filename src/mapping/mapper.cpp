// The rules, bound to a header.
#include "baseload/mapping/mapper.hpp"

#include "baseload/core/column_names.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/field_table.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "cell_test.hpp"
#include "phone_number.hpp"
#include "rules_fingerprint.hpp"
#include "template_text.hpp"
#include "text_transforms.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace baseload {

struct mapper::bound_condition {
    std::size_t column = 0;
    cell_test test;
    bool skips = false;  // the rows that pass, and not the others
};

namespace {

// What no cell may name as a file to be sent: these hold secrets, or what was sent before.
// The endings are those of SQLite's side files and of journal/journal_lock.cpp.
std::vector<std::filesystem::path> own_files_of(const settings& job) {
    std::vector<std::filesystem::path> files = {job.job, job.account.token_file, job.account.ca_file};
    files.insert(files.end(), job.source.paths.begin(), job.source.paths.end());
    for (const char* ending : {"", "-wal", "-shm", ".lock"}) {
        files.emplace_back(job.journal.file.string() + ending);
    }
    return files;
}

}  // namespace

// All that is wrong is gathered in problems_ and thrown at once. Until then, functions that fail return something that
// is never used.
mapper::mapper(const settings& job, const std::vector<std::string>& header, std::string source,
               const std::vector<std::string>& repeated)
    : job_(job), header_(header), source_(std::move(source)), files_(own_files_of(job)), repeated_(repeated),
      rules_(fingerprint_of_rules(job, header)) {
    for (const std::string& column : job.key.columns) {
        key_columns_.push_back(column_index(column, job.key.where));
    }
    bind(job.fields, false);
    bind(job.extra_fields, true);
    bind(job.source.only, false);
    bind(job.source.skip, true);
    raise_problems();
    // client_fields have the order of their codes; so the faults of a row come in that order too.
    std::sort(rules_bound_.begin(), rules_bound_.end(),
              [](const bound_rule& a, const bound_rule& b) { return a.code < b.code; });
}

mapper::~mapper() = default;

void mapper::bind(const std::vector<row_condition>& conditions, bool skips) {
    for (const row_condition& condition : conditions) {
        auto test = cell_test::of(condition);
        if (!test) {
            problem(condition.where, fmt::format("[source] {}: {}", skips ? "skip" : "only", test.error()));
            continue;
        }
        conditions_.push_back({column_index(condition.column, condition.where), std::move(*test), skips});
    }
}

void mapper::bind(const std::vector<field_rule>& rules, bool extra) {
    for (const field_rule& rule : rules) {
        bound_rule bound{.code = code_of(rule, extra),
                         .rule = &rule,
                         .sources = sources_of(rule),
                         .transforms = transforms_of(rule),
                         .label = {}};
        // Only here is libphonenumber at hand: the config room knows the form of a region alone.
        if (!rule.phone_region.empty() && !is_phone_region(rule.phone_region)) {
            problem(rule.where, fmt::format("{}: phone_region {} is no country with telephone numbers of its own",
                                            in_quotes(rule.field), in_quotes(rule.phone_region)));
        }
        if (rule.editor == editor_type::file) {
            has_files_ = true;
            if (!extra) {
                problem(rule.where, fmt::format("[fields] {} holds no file; extra fields may", rule.field));
            }
        }
        // A field is sent once, so only one rule can fill it.
        const bool taken = std::any_of(rules_bound_.begin(), rules_bound_.end(),
                                       [&](const bound_rule& other) { return other.code == bound.code; });
        if (taken && bound.code != field_code{}) {
            problem(rule.where, fmt::format("{} is mapped twice; keep one of the two", in_quotes(rule.field)));
        }
        bound.label = !rule.column.empty()     ? rule.column
                      : !rule.first_of.empty() ? listed(rule.first_of)
                      : !rule.pattern.empty()  ? rule.pattern
                                               : "(default)";
        rules_bound_.push_back(std::move(bound));
    }
}

// field_code{} for a rule that names no field.
field_code mapper::code_of(const field_rule& rule, bool extra) {
    if (extra) {
        std::uint32_t id = 0;
        const char* end = rule.field.data() + rule.field.size();
        const auto [rest, error] = std::from_chars(rule.field.data(), end, id);
        // The highest bit marks extra fields (core/field_table.cpp).
        if (error == std::errc{} && rest == end && id > 0 && id <= 0x7FFF'FFFFU) {
            return extra_field(id);
        }
        problem(rule.where, fmt::format("[extra_fields] {} is not the id of an extra field; write its number, as the "
                                        "panel shows it, in quotes: \"135\" = \"Segment\"",
                                        in_quotes(rule.field)));
        return {};
    }
    const auto code = find_field(rule.field);
    if (!code) {
        problem(rule.where, fmt::format("[fields] {} is not a field of addCrmClient{}", in_quotes(rule.field),
                                        did_you_mean(rule.field, all_field_names())));
        return {};
    }
    if (traits_of(*code).kind == field_kind::status && rule.blank == blank_policy::clear) {
        problem(rule.where, fmt::format("[fields] {} cannot be cleared, since a client always has a status; take "
                                        "blank = \"clear\" out",
                                        rule.field));
    }
    return *code;
}

bool mapper::skips(const record& row) const {
    return std::any_of(conditions_.begin(), conditions_.end(), [&](const bound_condition& condition) {
        // A word that means a blank cell is both: itself, and blank.
        const std::string_view cell = cell_of(row, condition.column);
        const bool passes = condition.test.passes(cell) ||
                            (cell.empty() && condition.test.passes(trimmed(row.cells[condition.column])));
        return passes == condition.skips;
    });
}

bool mapper::uses(std::size_t column) const {
    const auto has_it = [&](const bound_rule& bound) {
        return std::any_of(bound.sources.begin(), bound.sources.end(), [&](const std::vector<part>& source) {
            return std::any_of(source.begin(), source.end(), [&](const part& p) { return p.column == column; });
        });
    };
    return std::find(key_columns_.begin(), key_columns_.end(), column) != key_columns_.end() ||
           std::any_of(rules_bound_.begin(), rules_bound_.end(), has_it);
}

// Several for first_of alone.
std::vector<std::vector<mapper::part>> mapper::sources_of(const field_rule& rule) {
    std::vector<std::vector<part>> sources;
    for (const std::string& column : rule.first_of) {
        sources.push_back({{column_index(column, rule.where), {}}});
    }
    if (sources.empty()) {
        sources.push_back(parts_of(rule));
    }
    return sources;
}

// None when the rule has none, as most have.
std::unique_ptr<text_transforms> mapper::transforms_of(const field_rule& rule) {
    if (rule.part == text_part::all && rule.replace.empty() && rule.transforms.empty()) {
        return nullptr;
    }
    auto transforms = text_transforms::of(rule);
    if (!transforms) {
        problem(rule.where, fmt::format("{}: {}", in_quotes(rule.field), transforms.error()));
        return nullptr;
    }
    return std::make_unique<text_transforms>(std::move(*transforms));
}

std::vector<mapper::part> mapper::parts_of(const field_rule& rule) {
    if (!rule.column.empty()) {
        return {{column_index(rule.column, rule.where), {}}};
    }
    // With neither column nor template the pattern is blank: it makes a blank text, and so the default is sent.
    std::vector<part> parts;
    const auto pattern = parse_template(rule.pattern);
    if (!pattern) {
        problem(rule.where, pattern.error());
        return parts;
    }
    for (const template_part& p : *pattern) {
        parts.push_back(p.is_column ? part{column_index(p.text, rule.where), {}} : part{part::literal, p.text});
    }
    return parts;
}

std::size_t mapper::column_index(const std::string& name, job_position where) {
    // The names in the header are trimmed too.
    std::string_view given = trimmed(name);
    auto at = std::find(header_.begin(), header_.end(), given);
    // "Telefon (1)" is the first of the columns of that name, which the header calls "Telefon".
    if (at == header_.end() && given.ends_with(mark_of_first_equal)) {
        given.remove_suffix(mark_of_first_equal.size());
        at = std::find(header_.begin(), header_.end(), given);
    } else if (std::find(repeated_.begin(), repeated_.end(), given) != repeated_.end()) {
        refuse_repeated(std::string(given), where);
    }
    if (at == header_.end()) {
        std::vector<std::string> shown;
        std::transform(header_.begin(), header_.end(), std::back_inserter(shown),
                       [](const auto& column) { return in_quotes(column); });
        // A header of one column is mostly a file whose delimiter was not recognised.
        const char* remedy = header_.size() == 1 ? " alone: is its [source] delimiter another?" : "";
        problem(where, fmt::format("{} has no column {}{}; it has {}{}", source_, in_quotes(name),
                                   did_you_mean(name, header_), listed(shown), remedy));
        return 0;
    }
    return static_cast<std::size_t>(at - header_.begin());
}

// A guess would send one column's cells as another's.
void mapper::refuse_repeated(const std::string& name, job_position where) {
    std::vector<std::string> places;
    std::vector<std::string> remedies;
    for (std::size_t column = 0; column < header_.size(); ++column) {
        const std::string_view other = header_[column];
        const bool is_first = other == name;
        const bool is_numbered = other.starts_with(name) && other.substr(name.size()).starts_with(" (") &&
                                 other.ends_with(')') &&
                                 all_digits(other.substr(name.size() + 2, other.size() - name.size() - 3));
        if (is_first || is_numbered) {
            places.push_back(fmt::format("{}", column + 1));
            remedies.push_back(in_quotes(is_first ? name + std::string(mark_of_first_equal) : std::string(other)));
        }
    }
    problem(where, fmt::format("{}: columns {} are all called {}; say which is meant ({}), or give each a name of its "
                               "own in the file",
                               source_, listed(places), in_quotes(name), listed(remedies)));
}

void mapper::problem(job_position where, const std::string& text) {
    problems_ += fmt::format("{}{}, line {}, column {}: {}", problems_.empty() ? "" : "\n",
                             where.file.empty() ? job_.job.string() : where.file, where.line, where.column, text);
}

void mapper::raise_problems() const {
    if (!problems_.empty()) {
        throw command_error(exit_code::usage, problems_);
    }
}

}  // namespace baseload
