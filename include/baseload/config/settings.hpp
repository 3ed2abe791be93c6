#pragma once

#include "baseload/core/endpoint.hpp"
#include "baseload/core/journal_locator.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// A job document, read and checked: immutable from here on. README.md, "The job".

namespace baseload {

// Where something stands in a job document, both from 1.
struct job_position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    std::string file = {};  // the job's own, or one that it includes; blank: the job's own
};

enum class blank_policy { keep, clear };          // what a blank cell does to the field
enum class overflow_policy { reject, truncate };  // what a text over the limit does
enum class deleted_policy { reject, recreate };   // what becomes of a row whose client was deleted in the panel

enum class error_policy { reject, blank };       // what the error of a formula does to its row
enum class verify_policy { warn, reject, off };  // what becomes of a value that is hardly right

// title: each word with a capital; country: the code of a country by its name
enum class letter_transform { upper, lower, title, digits, country };
enum class text_part { all, first, rest, last, but_last };  // of the words of a text

// How the panel edits an extra field (src/api/README.md, getCrmClientExtraFields).
enum class editor_type { unknown, text, number, select, radio, checkbox, date, file };

// In place of a pattern: seconds since 1970, of the day's beginning in UTC, which is the same day all over Europe.
inline constexpr std::string_view unix_date_format = "unix";

// How one field gets its text: from a column, from the first of several that is not blank,
// from a pattern, or (with none of them) always the default. In the order of the members, but
// that the default takes no part in what is done to a cell.
struct field_rule {
    std::string field;  // the API's name, or the id of an extra field
    job_position where;
    std::string column;
    std::vector<std::string> first_of;
    std::string pattern;  // "{Imię} {Nazwisko}"
    std::string split;    // what parts the words that `part` is one of
    text_part part = text_part::all;
    std::vector<std::pair<std::string, std::string>> replace;  // regular expressions (ICU's), and by what
    std::vector<letter_transform> transforms;
    std::map<std::string, std::string> map;
    std::string default_text;
    blank_policy blank = blank_policy::keep;
    overflow_policy overflow = overflow_policy::reject;
    error_policy errors = error_policy::reject;
    verify_policy verify = verify_policy::warn;
    std::string phone_region;      // a number without a country's code is one of this country; "": as it stands
    bool lookup = false;           // names become ids by the account's own lists
    std::string date_format;       // of an extra field, as ICU writes it; "": ISO 8601; or unix_date_format
    std::filesystem::path folder;  // of a field that holds files: where they lie, and below it; absolute

    // What the account's list of extra fields says of it; when it was not asked, only that it holds files if the job
    // says so.
    editor_type editor = editor_type::unknown;
    std::vector<std::string> options;
};

// By what a source is known to be whole.
enum class completeness { unknown, trailing_newline, done_file, rows_column };

// Of the rows of a source: what their cells in one column say.
struct row_condition {
    std::string column;
    std::set<std::string> values;  // any of these, folded; "" is a blank cell
    std::string pattern;           // or a regular expression (ICU's) that is found in the cell
    job_position where;
};

struct source_settings {
    // Absolute: files, or patterns of files (glob(7)). Or "-" alone, for standard input.
    std::vector<std::filesystem::path> paths;
    std::chrono::milliseconds settle{0};  // a file that a pattern matches and that is younger is left for the next run
    std::filesystem::path move_to;        // where a file goes that went in; empty: it stays. Absolute
    bool is_part = false;                 // it has some of the rows: nobody is missing from it
    bool is_changes = false;              // the job says that it has the changed customers alone
    bool is_named = false;                // on the command line, in place of the job's own
    // Found out when absent.
    std::optional<char> delimiter;
    std::optional<char> quote;   // '\0': none
    std::optional<char> escape;  // likewise
    std::optional<std::string> encoding;
    std::optional<std::uint32_t> skip_lines;  // above the header: lines, or rows of a sheet
    std::optional<bool> has_header;
    std::vector<std::string> column_names;  // of a source without a header
    std::set<std::string> blank;            // words that mean a blank cell, folded
    std::vector<row_condition> only;        // rows that do not meet all of these are skipped
    std::vector<row_condition> skip;        // and those that meet one of these
    std::optional<std::string> sheet;       // of a workbook: its name, or its number from 1
    bool relaxed_quotes = false;
    bool pad_ragged = false;
    completeness complete = completeness::unknown;
    std::string rows_column = "rows";  // which holds how many rows there are, for completeness::rows_column
    std::uint64_t min_rows = 1;        // fewer stop the run before anything is sent
    std::optional<double> max_shrink;  // share of the last full run's rows, 0 to 1
};

struct account_settings {
    std::string url;
    endpoint api;
    std::string name;       // which account of that URL; the journal and the limit are bound to both
    std::string token_env;  // one of these two
    std::filesystem::path token_file;
    std::uint32_t requests_per_minute = 90;  // 0: no limit
    std::uint32_t connections = 8;
    std::chrono::milliseconds timeout{30'000};         // for one request, and for one connect
    std::chrono::milliseconds give_up_after{900'000};  // no connection for so long ends the run
    std::uint32_t stop_after_failures = 20;            // refused or unanswered requests in a row
    std::chrono::milliseconds settling_time{30'000};   // after which an unanswered request is surely not under way
    deleted_policy on_deleted = deleted_policy::reject;
    std::filesystem::path ca_file;       // empty: the system's certificates
    std::filesystem::path state_folder;  // of the account's state file; empty: the user's own
    std::string limit_url;               // of the database that keeps the account's state instead; blank: none
};

// What becomes of rows under different keys that are one customer, it seems (survey/same_customer.hpp).
enum class duplicates_policy { warn, reject, ignore };

struct key_settings {
    std::vector<std::string> columns;
    duplicates_policy duplicates = duplicates_policy::warn;
    bool all_new = false;  // new keys are meant as they stand, however like known ones they are
    job_position where;
};

// What becomes of clients whose keys were in the last full run and are not in this one.
enum class missing_action { ignore, report, status, remove };

struct missing_settings {
    missing_action action = missing_action::ignore;
    std::int64_t status_id = 0;  // for the action `status`
    double max_share = 0.05;     // share of the last full run's rows; more are left alone
};

struct settings {
    std::filesystem::path job;  // absolute
    source_settings source;
    account_settings account;
    journal_locator journal;
    std::chrono::milliseconds lease{30'000};  // of a journal in a database: how long a silent run keeps others off
    bool backup = false;                      // each client is read before it is updated, so that it can be restored
    bool look_up_creates = false;             // each create is looked up before it leaves
    missing_settings missing;
    key_settings key;
    std::vector<field_rule> fields;
    std::vector<field_rule> extra_fields;
};

}  // namespace baseload
