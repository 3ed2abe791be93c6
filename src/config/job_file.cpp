#include "baseload/config/job_file.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "field_rules.hpp"
#include "job_includes.hpp"
#include "journal_place.hpp"
#include "row_conditions.hpp"
#include "table_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace baseload {
namespace {

namespace fs = std::filesystem;

// The vendor's documented address (src/api/README.md, "Transport").
constexpr std::string_view production_url = "https://api.baselinker.com/connector.php";

// After a mistake it goes on with the default, so that all mistakes are found; what it has read by then is never used.
// Reads one document into settings. Paths are relative to the job's own folder.
class job_reader {
public:
    job_reader(const toml::table& document, const fs::path& file)
        : document_(document), folder_(file.parent_path()), faults_(file.string()) {
        settings_.job = file;
    }

    // Precondition: called once, since it moves the settings out.
    settings read() {
        table_reader root(document_, "the job", faults_);
        read_source(root);
        read_account(root);
        read_journal(root);
        read_missing(root);
        read_key(root);
        settings_.fields = read_rules(section(root, "fields"), "[fields]", faults_);
        settings_.extra_fields = read_rules(section(root, "extra_fields"), "[extra_fields]", faults_);
        // Only extra fields hold files: of [fields] mapper::bind refuses them.
        for (field_rule& rule : settings_.extra_fields) {
            rule.folder = rule.folder.empty() ? rule.folder : beside_job(rule.folder.string());
        }
        root.refuse_unknown();
        if (settings_.fields.empty()) {
            faults_.add({}, "the job maps no field: write a [fields] section, the API's field on the left and a "
                            "column name on the right, such as email = \"E-mail\"");
        }
        faults_.raise();
        return std::move(settings_);
    }

private:
    // The named table, an empty one when it is absent.
    // What it returns lives as long as the document, or for ever: table_reader keeps a reference.
    const toml::table& section(table_reader& root, std::string_view name) {
        static const toml::table absent;
        const toml::node* node = root.find(name);
        if (node == nullptr) {
            return absent;
        }
        if (!node->is_table()) {
            root.fault(name, fmt::format("must be a section: write [{}] on a line of its own", name));
            return absent;
        }
        return *node->as_table();
    }

    // A path that is absolute already stays so (std::filesystem's operator/). The folder is absolute, and so the
    // settings do not depend on the working directory.
    [[nodiscard]] fs::path beside_job(const std::string& path) const { return (folder_ / path).lexically_normal(); }

    // What the job does not say stays without a value, and the source room detects it. The path may be missing too:
    // then the command line must name a SOURCE (cli/job_source.hpp).
    void read_source(table_reader& root) {
        table_reader table(section(root, "source"), "[source]", faults_);
        read_paths(table);
        settings_.source.settle = table.duration("settle").value_or(settings_.source.settle);
        settings_.source.is_changes = table.boolean("part").value_or(false);
        settings_.source.is_part = settings_.source.is_changes;
        read_after(table);
        if (const auto delimiter = table.text("delimiter")) {
            read_delimiter(table, *delimiter);
        }
        settings_.source.encoding = table.text("encoding");
        if (const auto quote = table.choice("quote", {"\"", "'", "none"})) {
            settings_.source.quote = std::array{'"', '\'', '\0'}.at(*quote);
        }
        if (const auto escape = table.choice("escape", {"\\", "none"})) {
            settings_.source.escape = *escape == 0 ? '\\' : '\0';
        }
        settings_.source.relaxed_quotes = table.choice("quoting", {"strict", "relaxed"}).value_or(0) == 1;
        settings_.source.pad_ragged = table.choice("ragged", {"reject", "pad"}).value_or(0) == 1;
        if (const auto lines = table.integer("skip_lines", 0, 1000)) {
            settings_.source.skip_lines = static_cast<std::uint32_t>(*lines);
        }
        read_header(table);
        read_sheet(table);
        read_blank_words(table);
        settings_.source.only = read_row_conditions(table, "only");
        settings_.source.skip = read_row_conditions(table, "skip");
        if (const auto sign = table.choice("complete", {"trailing newline", "done file", "rows column"})) {
            // `unknown` comes first and has no word: it is what there is when the job says nothing.
            settings_.source.complete = static_cast<completeness>(*sign + 1);
        }
        settings_.source.rows_column = table.text("rows_column").value_or(settings_.source.rows_column);
        if (const auto rows = table.integer("min_rows", 0, 4'000'000'000)) {
            settings_.source.min_rows = static_cast<std::uint64_t>(*rows);
        }
        settings_.source.max_shrink = table.share("max_shrink");
        table.refuse_unknown();
    }

    // One, or a list.
    void read_paths(table_reader& table) {
        const toml::node* node = table.find("path");
        if (node == nullptr) {
            return;
        }
        std::vector<std::string> given;
        const toml::array* list = node->as_array();
        if (list == nullptr) {
            given.push_back(table.text("path").value_or("-"));
        }
        for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
            if (const auto* text = list->get(i)->as_string()) {
                given.push_back(text->get());
            }
        }
        const bool has_blank = std::any_of(given.begin(), given.end(), [](const std::string& p) { return p.empty(); });
        if (given.empty() || has_blank || (list != nullptr && list->size() != given.size())) {
            table.fault("path", "must be a file, a pattern of files, or a list of both: [\"a.csv\", \"inbox/*.csv\"]");
            return;
        }
        if (given.size() > 1 && std::find(given.begin(), given.end(), "-") != given.end()) {
            table.fault("path", "names standard input (\"-\") beside files; name either");
            return;
        }
        for (const std::string& path : given) {
            settings_.source.paths.push_back(path == "-" ? fs::path("-") : beside_job(path));
        }
    }

    // after = { move = "done/" }
    void read_after(table_reader& table) {
        const toml::node* node = table.find("after");
        if (node == nullptr) {
            return;
        }
        if (!node->is_table()) {
            table.fault("after", "says what becomes of a file that went in: after = { move = \"done/\" }");
            return;
        }
        table_reader after(*node->as_table(), "[source] after", faults_);
        const auto folder = after.text("move");
        after.refuse_unknown();
        if (!folder || folder->empty()) {
            table.fault("after", "names no folder: after = { move = \"done/\" }");
            return;
        }
        settings_.source.move_to = beside_job(*folder + "/");
        for (const fs::path& path : settings_.source.paths) {
            // It would be read again, and moved again.
            if (path.parent_path() / "" == settings_.source.move_to) {
                table.fault("after", fmt::format("moves files to {}, where they are read from; name another folder",
                                                 in_quotes(*folder)));
                break;
            }
        }
    }

    // Whether there is one, or the names of the columns where there is none.
    void read_header(table_reader& table) {
        const toml::node* node = table.find("header");
        if (node == nullptr) {
            return;
        }
        // Names given: there is no header, also when they are wrong, since the job is refused then anyway.
        source_settings& source = settings_.source;
        if (const auto* given = node->as_boolean()) {
            source.has_header = given->get();
            return;
        }
        source.has_header = false;
        const toml::array* names = node->as_array();
        for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
            if (const auto* name = names->get(i)->as_string()) {
                source.column_names.push_back(name->get());
            }
        }
        if (names == nullptr || names->empty() || source.column_names.size() != names->size()) {
            table.fault("header",
                        "must be true, false, or the names of a source that has no header: header = [\"Kod\", "
                        "\"E-mail\"]");
        }
    }

    void read_blank_words(table_reader& table) {
        const toml::node* node = table.find("blank");
        const toml::array* words = node == nullptr ? nullptr : node->as_array();
        for (std::size_t i = 0; words != nullptr && i < words->size(); ++i) {
            if (const auto* word = words->get(i)->as_string()) {
                settings_.source.blank.insert(folded(trimmed(word->get())));
            }
        }
        if (node != nullptr && (words == nullptr || settings_.source.blank.size() != words->size())) {
            table.fault("blank", "must be a list of words that mean a blank cell: blank = [\"brak\", \"-\"]");
        }
    }

    // By its name or its number.
    void read_sheet(table_reader& table) {
        const toml::node* node = table.find("sheet");
        if (node == nullptr) {
            return;
        }
        // One setting for both, as a text; the workbook tells a name of digits from a number.
        if (const auto* number = node->as_integer(); number != nullptr && number->get() > 0) {
            settings_.source.sheet = std::to_string(number->get());
        } else if (const auto* name = node->as_string(); name != nullptr && !name->get().empty()) {
            settings_.source.sheet = name->get();
        } else {
            table.fault("sheet", "must be a sheet's name, or its number from 1: sheet = \"Klienci\"");
        }
    }

    void read_delimiter(table_reader& table, const std::string& delimiter) {
        const std::string text = delimiter == "tab" ? "\t" : delimiter;
        if (text.size() != 1 || std::string_view(";,\t|").find(text[0]) == std::string_view::npos) {
            table.fault("delimiter",
                        fmt::format("is {}; expected is \";\", \",\", \"|\" or \"tab\"", in_quotes(delimiter)));
            return;
        }
        settings_.source.delimiter = text[0];
    }

    void read_missing(table_reader& root) {
        table_reader table(section(root, "missing"), "[missing]", faults_);
        missing_settings& missing = settings_.missing;
        if (const auto action = table.choice("action", {"report", "status", "delete"})) {
            // `ignore` comes first and has no word: it is what happens when the job says nothing.
            missing.action = static_cast<missing_action>(*action + 1);
        }
        // The range in which validation.cpp takes ids of a status.
        const auto status = table.integer("status", 1, 2'147'483'647);
        missing.status_id = status.value_or(0);
        missing.max_share = table.share("max_missing").value_or(missing.max_share);
        if (missing.action == missing_action::status && !status) {
            table.fault("status", "is missing: action = \"status\" wants the id of the status that these clients get");
        }
        if (missing.action != missing_action::status && status) {
            table.fault("status", "says nothing without action = \"status\"; take it out");
        }
        table.refuse_unknown();
    }

    void read_account(table_reader& root) {
        table_reader table(section(root, "account"), "[account]", faults_);
        account_settings& account = settings_.account;
        account.url = table.text("url").value_or(std::string(production_url));
        account.name = table.text("name").value_or("default");
        // Journal and state file are bound to URL and name, so the name must say which account it is.
        if (trimmed(account.name).empty()) {
            table.fault("name", "is blank; give the account a name of its own, or leave the option out");
        }
        read_token_source(table);
        const bool allow_http = table.boolean("allow_http").value_or(false);
        if (const auto rate = table.integer("requests_per_minute", 0, 1'000'000)) {
            account.requests_per_minute = static_cast<std::uint32_t>(*rate);
        }
        account.connections =
            static_cast<std::uint32_t>(table.integer("connections", 1, 256).value_or(account.connections));
        account.timeout = table.duration("timeout").value_or(account.timeout);
        account.give_up_after = table.duration("give_up_after").value_or(account.give_up_after);
        account.stop_after_failures = static_cast<std::uint32_t>(
            table.integer("stop_after_failures", 1, 1'000'000).value_or(account.stop_after_failures));
        account.settling_time = table.duration("settling_time").value_or(account.settling_time);
        if (const auto policy = table.choice("on_deleted", {"reject", "recreate"})) {
            account.on_deleted = static_cast<deleted_policy>(*policy);
        }
        if (const auto ca = table.text("ca_file")) {
            account.ca_file = beside_job(*ca);
        }
        if (const auto folder = table.text("state_folder")) {
            account.state_folder = beside_job(*folder);
        }
        if (const auto url = table.text("limit_url")) {
            account.limit_url = checked_database_url(table, "limit_url", *url);
        }
        table.refuse_unknown();
        // After the other options, since what the URL allows depends on them.
        read_url(table, allow_http);
    }

    void read_token_source(table_reader& table) {
        const auto variable = table.text("token_env");
        const auto file = table.text("token_file");
        if (variable && file) {
            table.fault("token_file", "stands beside token_env; give one of the two");
        }
        settings_.account.token_env = variable.value_or("BASELOAD_TOKEN");
        if (file) {
            settings_.account.token_file = beside_job(*file);
        }
    }

    // A token that travels in the clear, or requests without a limit, are mistakes that hurt the whole account: too
    // many requests block it for every program that uses it (src/api/README.md, "Limit"). So both have to be asked for,
    // and the second only works on this machine, where the sandbox listens.
    void read_url(table_reader& table, bool allow_http) {
        auto parsed = parse_endpoint(settings_.account.url);
        if (!parsed) {
            table.fault("url", "is wrong: " + describe(parsed.error()));
            return;
        }
        settings_.account.api = *parsed;
        if (!parsed->tls && !parsed->loopback && !allow_http) {
            table.fault("url", "is http://, which sends the token in the clear; write https://, or set allow_http = "
                               "true if nobody can listen on that network");
        }
        if (settings_.account.requests_per_minute == 0 && !parsed->loopback) {
            table.fault("requests_per_minute", "is 0, which lifts the limit; that is for loopback addresses only "
                                               "(the account allows 100 a minute)");
        }
    }

    void read_journal(table_reader& root) {
        table_reader table(section(root, "journal"), "[journal]", faults_);
        settings_.backup = table.boolean("backup").value_or(false);
        settings_.look_up_creates = table.choice("before_create", {"nothing", "look up"}).value_or(0) == 1;
        read_journal_place(table, folder_, settings_);
        table.refuse_unknown();
    }

    void read_key(table_reader& root) {
        const toml::table& key = section(root, "key");
        table_reader table(key, "[key]", faults_);
        const toml::node* columns = table.find("columns");
        settings_.key.duplicates =
            static_cast<duplicates_policy>(table.choice("duplicates", {"warn", "reject", "ignore"}).value_or(0));
        settings_.key.all_new = table.choice("new_keys", {"hold", "create"}).value_or(0) == 1;
        table.refuse_unknown();
        // Later faults of the key, such as a column that the header lacks, point here too (mapper's constructor).
        settings_.key.where = position_of(columns != nullptr ? *columns : static_cast<const toml::node&>(key));
        if (columns == nullptr) {
            faults_.add(settings_.key.where, "the job has no key: write [key] and columns = [\"…\"], the column that "
                                             "identifies a customer for ever (an ERP number, say)");
            return;
        }
        if (const auto* names = columns->as_array()) {
            for (const toml::node& name : *names) {
                if (const auto* text = name.as_string()) {
                    settings_.key.columns.push_back(text->get());
                }
            }
        }
        const auto* names = columns->as_array();
        if (names == nullptr || names->empty() || names->size() != settings_.key.columns.size()) {
            table.fault("columns", "must be a list of column names: columns = [\"Kod\"]");
        }
    }

    const toml::table& document_;
    fs::path folder_;
    job_faults faults_;
    settings settings_;
};

}  // namespace

settings parse_job(std::string_view toml_text, const fs::path& file) {
    const fs::path job = fs::absolute(file);
    toml::table document = parse_document(toml_text, job, file.string());
    include_files(document, job);
    return job_reader(document, job).read();
}

settings read_job(const fs::path& file) {
    return parse_job(text_of_document(file), file);
}

}  // namespace baseload
