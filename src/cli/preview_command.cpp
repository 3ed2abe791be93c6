#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/survey/open_source.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {
namespace {

// Columns of a terminal: three or four cells stand beside each other on 120.
constexpr std::size_t widest_cell = 32;

struct arguments {
    std::string file;
    std::vector<std::string> sources;
    std::uint64_t rows = 10;
    bool all = false;
    bool json = false;
    std::string encoding;
};

source_settings source_of(const arguments& a) {
    // By its name, since a source may look like anything; a job is called so everywhere.
    if (a.file.ends_with(".toml")) {
        return job_with_source(a.file, a.sources).source;
    }
    if (!a.sources.empty()) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is no job (.toml): name a job and a source, or one source", a.file));
    }
    // Without a job all is detected, as `init` has it.
    source_settings source;
    source.paths = {a.file};
    if (!a.encoding.empty()) {
        source.encoding = a.encoding;
    }
    return source;
}

// On one line, and so wide that a person can compare rows. Only for the table: --json shows cells as they are.
std::string shown(std::string_view cell) {
    std::string text;
    for (const char c : cell) {
        text += c == '\n' ? "↵" : static_cast<unsigned char>(c) < ' ' ? "·" : std::string(1, c);
    }
    if (display_width(text) <= widest_cell) {
        return text;
    }
    std::string_view head = text;
    // Wide characters take two columns, so the text is cut character by character until the … fits too.
    for (std::size_t length = widest_cell; display_width(head) >= widest_cell; --length) {
        head = head_code_points(text, length);
    }
    return std::string(head) + "…";
}

// The option's name is what a job would write, so what is wrong can be put right at once.
void print_description(const record_source& source, std::size_t columns) {
    const source_description said = source.describe();
    print_text(fmt::format("{}: {}\n", source.name(), said.kind));
    std::vector<std::string> options;
    const auto print = [](const source_trait& t) {
        print_text(
            fmt::format("  {:<11} {}{}\n", t.option, t.value, t.note.empty() ? "" : fmt::format("  ({})", t.note)));
    };
    for (const source_trait& t : said.traits) {
        print(t);
        const bool is_option = t.option.find(' ') == std::string::npos;
        // Of several files each has its own.
        if (is_option && std::find(options.begin(), options.end(), t.option) == options.end()) {
            options.push_back(t.option);
        }
    }
    print({"columns", std::to_string(columns)});
    // For a workbook, another pass over the whole sheet.
    for (const source_trait& t : source.tally()) {
        print(t);
    }
    fmt::print("  where that is wrong, the job says otherwise: [source] {}\n\n", fmt::join(options, ", "));
}

// As JSON the records can be compared by a program (tests/source/workbook_test.py does).
void print_records(record_reader& reader, std::uint64_t most) {
    // Cells are views that end with the reader's next call, so each record is printed before it.
    const auto print = [](const auto& cells) {
        boost::json::array all;
        for (const auto& cell : cells) {
            all.emplace_back(std::string_view(cell));
        }
        print_json(boost::json::serialize(all));
    };
    print(reader.header());
    record row;
    for (std::uint64_t count = 0; count < most && reader.next(row); ++count) {
        print(row.cells);
    }
}

// Reads the source alone: no journal, no account, no token.
exit_code preview(const arguments& a) {
    const std::unique_ptr<record_source> opened = open_source(source_of(a));
    const record_source& source = *opened;
    const auto reader = source.read();
    const std::uint64_t most = a.all ? UINT64_MAX : a.rows;
    if (a.json) {
        print_records(*reader, most);
    } else {
        print_description(source, reader->header().size());
        // All rows at once would not fit into memory: they come in pages with widths of their own.
        constexpr std::uint64_t page = 1000;
        std::vector<std::vector<std::string>> rows;
        record row;
        // Remembers the reader's end over the pages: next() must not be called behind it.
        bool more = true;
        for (std::uint64_t left = most; more;) {
            rows.assign(1, {"line"});
            std::transform(reader->header().begin(), reader->header().end(), std::back_inserter(rows[0]),
                           [](const std::string& name) { return shown(name); });
            while (left > 0 && rows.size() <= page && (more = reader->next(row))) {
                --left;
                rows.push_back({source.places()->word(row.line)});
                std::transform(row.cells.begin(), row.cells.end(), std::back_inserter(rows.back()), shown);
            }
            more = more && left > 0;
            print_text(text_table(rows));
        }
    }
    // A preview of all rows may be long and piped into `head`: a closed pipe is told, and not taken for the end.
    std::fflush(stdout);
    if (std::ferror(stdout) != 0) {
        throw command_error(exit_code::stopped,
                            "the preview was cut short: standard output is closed, or its disk full");
    }
    return exit_code::success;
}

}  // namespace

void add_preview_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("preview", "How a file is read: encoding, delimiter, columns, first rows");
    c.example("baseload preview clients.xlsx --rows 5");
    c.option("SOURCE|JOB", a->file, "A source, - for standard input, or a job (.toml)").required();
    c.option("SOURCE", a->sources, "Behind a job: the files to read in place of the job's own");
    command_option rows = c.option("--rows", a->rows, "So many rows (10)").value_name("N");
    c.option("--encoding", a->encoding, "The CSV file's encoding, where it cannot be told and no job says it")
        .value_name("NAME");
    c.flag("--all", a->all, "Every row").excludes(rows);
    c.flag("--json", a->json, "Each record, the header first, as a JSON array of strings, one a line");
    c.run([a] { return preview(*a); });
}

}  // namespace baseload
