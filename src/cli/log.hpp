#pragma once

#include <string>

namespace baseload {

struct log_options {
    bool is_json = false;   // an object a line, on standard error and in the file
    bool is_debug = false;  // cells of rejected rows are logged too: personal data
    std::string file = {};  // rotating: 5 files of 10 MiB; blank: none
};

// At the start of the program, and again by a command that has options for it. Throws command_error(usage) for a file
// that cannot be written.
void set_log_up(const log_options& options = {}, bool quiet = false);

[[nodiscard]] bool logs_json();

// Whether the terminal shows more than ASCII: by the environment's locale (LC_ALL, LC_CTYPE, LANG).
[[nodiscard]] bool has_utf8();

// On standard error alone, whatever the log's format: a question.
void show_on_terminal(const std::string& text);

// A line without an end, which the next one, or whatever else is written, takes the place of; blank: only that.
void show_open_line(const std::string& text);

// What people are told on standard error, whatever the log's level: lines of text, or of JSON.
void say(const std::string& text);

// Of one row: on standard error as it is; in a log without what its cells say, unless at debug level.
void say_of_row(const std::string& text, const std::string& without_cells);

}  // namespace baseload
