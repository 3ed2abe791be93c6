#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/suggestion.hpp"
#include "baseload/source/open_records.hpp"
#include "commands.hpp"
#include "print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {
namespace {

namespace fs = std::filesystem;

struct arguments {
    std::string source;
    std::string job;
    std::string sheet;
    std::string url;
    std::string encoding;
};

// A TOML basic string (TOML 1.0): quotes, backslashes and control characters are escaped.
std::string toml_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
            quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

// For a comment: on one line, and not too long.
// in_quotes() escapes line breaks, so a cell cannot end the comment and go on as a line of the job.
std::string shown(const column_profile& column) {
    if (column.samples.empty()) {
        return "always blank";
    }
    std::string text;
    for (const std::string& sample : column.samples) {
        const std::string value = in_quotes(head_code_points(sample, 40));
        text += (text.empty() ? "" : ", ") + value.substr(1, value.size() - 2);
    }
    return text;
}

// Precondition: there is a column of that name, as suggest_job only names such.
const column_profile& column_of(const std::vector<column_profile>& columns, const std::string& name) {
    return *std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.name == name; });
}

std::string source_section(const record_source& source, const std::string& path, const arguments& a) {
    const source_description said = source.describe();
    std::string text = fmt::format("[source]\npath = {}    # {}\n", toml_text(path), baseload::shown(said.kind));
    if (!a.sheet.empty()) {
        text += fmt::format("sheet = {}\n", toml_text(a.sheet));
    }
    if (!a.encoding.empty()) {
        text += fmt::format("encoding = {}\n", toml_text(a.encoding));
    }
    text += "# Found out each time; take a # away to hold it fast:\n";
    for (const source_trait& t : said.traits) {
        // A trait with a space in it is no option ("line ends"). A sheet or an encoding that was named is written above
        // already.
        if (t.option.find(' ') != std::string::npos || (t.option == "sheet" && !a.sheet.empty()) ||
            (t.option == "encoding" && !a.encoding.empty())) {
            continue;
        }
        // Texts come in quotes already; numbers and truths stand bare in TOML. A lone quote is the value of `quote`
        // itself.
        const bool is_bare = t.value.starts_with('"') || t.option == "skip_lines" || t.option == "header";
        text += fmt::format("# {} = {}{}\n", t.option, is_bare && t.value != "\"" ? t.value : toml_text(t.value),
                            t.note.empty() ? "" : "    # " + t.note);
    }
    return text + "# min_rows = 1          # fewer stop the run before anything is sent\n"
                  "# max_shrink = \"20%\"   # and so does a file that lost so much since the last full run\n\n";
}

std::string account_section(const arguments& a) {
    // The limit stands there and not in a comment, so that whoever shares it with other programs sees it.
    return fmt::format(
        "[account]\n{}token_env = \"BASELOAD_TOKEN\"    # the environment variable that holds the token\n"
        "# name = \"default\"             # one for each account, where there are several\n"
        "requests_per_minute = 90        # of the account's 100, which it shares with its integrations\n\n",
        a.url.empty() ? "" : fmt::format("url = {}\n", toml_text(a.url)));
}

std::string fields_section(const job_suggestion& suggested, const std::vector<column_profile>& columns) {
    std::string text = "[fields]    # the API's field = the file's column\n";
    for (const field_suggestion& f : suggested.fields) {
        std::string value =
            f.pattern.empty() ? toml_text(f.column) : fmt::format("{{ template = {} }}", toml_text(f.pattern));
        // Only columns have transforms in a suggestion, templates have none.
        if (!f.transforms.empty()) {
            std::vector<std::string> words;
            for (const std::string& word : f.transforms) {
                words.push_back(toml_text(word));
            }
            value = fmt::format("{{ column = {}, transform = [{}] }}", toml_text(f.column), fmt::join(words, ", "));
        }
        const std::string samples = f.column.empty() ? std::string{} : shown(column_of(columns, f.column));
        const std::string note = f.reason.empty() ? samples : f.reason + (samples.empty() ? "" : ": " + samples);
        text += fmt::format("{} = {}{}\n", f.field, value, note.empty() ? "" : "    # " + note);
    }
    if (!suggested.default_country.empty()) {
        text += fmt::format(
            "# invoice_country_code = {{ default = {} }}    # no column has the country, and postcodes or tax "
            "ids look like this one's: take the # away if all are from there\n",
            toml_text(suggested.default_country));
    }
    const auto phone = std::find_if(suggested.fields.begin(), suggested.fields.end(),
                                    [](const auto& f) { return f.field == "phone" && !f.column.empty(); });
    if (!suggested.default_country.empty() && phone != suggested.fields.end()) {
        text += fmt::format(
            "# phone = {{ column = {}, phone_region = {} }}    # in place of the line above: numbers without "
            "a country's code get this one's\n",
            toml_text(phone->column), toml_text(suggested.default_country));
    }
    // A job without any field is refused (config/job_file.cpp): the person has to write one.
    if (suggested.fields.empty()) {
        text += "# login = \"…\"\n";
    }
    if (suggested.unmapped.empty()) {
        return text;
    }
    // As comments: whether a column is wanted, a person decides.
    text += "\n# Not mapped; baseload account JOB lists the extra fields that could take them:\n# [extra_fields]\n";
    for (const std::string& name : suggested.unmapped) {
        const std::string& hint =
            field_by_header(name) == "name of a status"
                ? std::string("status_id = { column = ") + toml_text(name) + ", lookup = true } above, or "
                : std::string{};
        text += fmt::format("# \"…\" = {}    # {}{}\n", toml_text(name), hint, shown(column_of(columns, name)));
    }
    return text;
}

// As a job has to name them: "Telefon (1)" for the first of two columns "Telefon" (mapping/mapper.cpp).
std::vector<std::string> names_for_job(const column_names& columns) {
    std::vector<std::string> names = columns.names;
    for (std::string& name : names) {
        if (std::find(columns.repeated.begin(), columns.repeated.end(), name) != columns.repeated.end()) {
            name += mark_of_first_equal;
        }
    }
    return names;
}

// Of a workbook's visible sheets the one that looks most like customers: the first that gives the most fields. Blank
// where there is one sheet alone, or the first will do.
std::string best_sheet(const arguments& a, const record_source& first) {
    const std::vector<std::string> sheets = first.describe().sheets;
    constexpr std::uint64_t sampled_rows = 200;
    std::string best;
    std::size_t most = 0;
    for (std::size_t i = 0; sheets.size() > 1 && i < sheets.size(); ++i) {
        source_options options;
        options.workbook.sheet = sheets[i];
        try {
            const auto source = open_records(a.source, options);
            const auto reader = source->read();
            column_profiler profiler(names_for_job(reader->columns()));
            std::uint64_t rows = 0;
            for (record row; rows < sampled_rows && reader->next(row); ++rows) {
                profiler.add(row);
            }
            const std::size_t fields = rows == 0 ? 0 : suggest_job(profiler.columns()).fields.size();
            if (fields > most) {
                most = fields;
                best = i == 0 ? std::string{} : sheets[i];
            }
        } catch (const command_error&) {
            // A sheet that cannot be read, or is empty, is none to choose.
        }
    }
    return best;
}

// As the job has it: relative to the job's folder.
std::string path_for_job(const arguments& a) {
    if (a.source == "-") {
        return a.source;
    }
    // The job may lie elsewhere than the source: its own paths are relative to its folder.
    const fs::path folder = a.job.empty() ? fs::current_path() : fs::absolute(a.job).parent_path();
    const fs::path source = fs::absolute(a.source).lexically_normal();
    const fs::path relative = source.lexically_relative(folder.lexically_normal());
    // lexically_relative gives nothing where no relative path leads there.
    return relative.empty() ? source.string() : relative.string();
}

// A job may hold hours of somebody's work, so it is never overwritten.
void write_new_file(const std::string& path, const std::string& text) {
    if (fs::exists(path)) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is there already; name another file with -o, or move it away", path));
    }
    std::ofstream out(path, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        throw command_error(exit_code::usage, fmt::format("{} cannot be written ({}); name another file with -o", path,
                                                          std::strerror(errno)));
    }
}

exit_code init(arguments a) {
    // Nothing else is said of the source, so all is detected as for a job that says nothing.
    source_options options;
    if (!a.sheet.empty()) {
        options.workbook.sheet = a.sheet;
    }
    if (!a.encoding.empty()) {
        options.csv.encoding = a.encoding;
    }
    // For its message alone: nothing is written, since the file exists.
    if (!a.job.empty() && fs::exists(a.job)) {
        write_new_file(a.job, {});  // says so before a long file is read
    }
    std::unique_ptr<record_source> source = open_records(a.source, options);
    // Standard input can be read once alone.
    if (a.sheet.empty() && a.source != "-") {
        a.sheet = best_sheet(a, *source);
        if (!a.sheet.empty()) {
            options.workbook.sheet = a.sheet;
            source = open_records(a.source, options);
        }
    }
    const auto reader = source->read();
    // The whole file is read: whether a key is unique, only all rows tell.
    column_profiler profiler(names_for_job(reader->columns()));
    std::uint64_t rows = 0;
    for (record row; reader->next(row); ++rows) {
        profiler.add(row);
    }
    const job_suggestion suggested = suggest_job(profiler.columns());
    const std::string text =
        fmt::format(
            "# How {} comes into the CRM of Base.com: {} of {}.\n"
            "# baseload check JOB shows what is wrong with the file, and baseload plan JOB what a run would do.\n\n",
            // name() has no control characters (input_file), and filename() is enough for people.
            fs::path(source->name()).filename().string(), counted(rows, "row"),
            counted(profiler.columns().size(), "column")) +
        source_section(*source, path_for_job(a), a) + account_section(a) +
        fmt::format("[key]    # what identifies a customer for ever: it must never change\ncolumns = [{}]    # {}\n\n",
                    toml_text(suggested.key), suggested.key_reason) +
        fields_section(suggested, profiler.columns());
    if (a.job.empty()) {
        // Standard output by default, so that the job can be looked at first.
        fmt::print("{}", text);
    } else {
        write_new_file(a.job, text);
        // On standard error: standard output holds a job or nothing.
        print_error(fmt::format("{} is written: look it through, then baseload check {}\n", a.job, shell_word(a.job)));
    }
    return exit_code::success;
}

}  // namespace

void add_init_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("init", "Look at a file and write a job for it, with a suggested mapping");
    c.example("baseload init clients.csv -o shop.toml");
    c.option("SOURCE", a->source, "The file: CSV or a workbook; - is standard input").required();
    c.option("-o,--output", a->job, "Write the job to this file, and not to standard output").value_name("JOB.toml");
    c.option("--sheet", a->sheet, "The workbook's sheet: its name, or its number").value_name("SHEET");
    c.option("--encoding", a->encoding, "The CSV file's encoding, where it cannot be told").value_name("NAME");
    c.option("--url", a->url, "The service, if it is not Base.com: a sandbox").value_name("URL");
    c.run([a] { return init(*a); });
}

}  // namespace baseload
