#include "run_console.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/field_table.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"
#include "baseload/report/cause_text.hpp"
#include "baseload/report/progress_text.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <iostream>
#include <mutex>
#include <utility>
#include <vector>

namespace baseload {
namespace {

// The first rows show what is wrong; thousands of them would hide it.
constexpr std::uint64_t max_shown_rows = 10;

}  // namespace

run_console::run_console(console_options options)
    // A terminal can rewrite its line; a log file or a pipe cannot, nor can several jobs share one.
    : options_(std::move(options)),
      terminal_(!options_.quiet && options_.job.empty() && !logs_json() && ::isatty(STDERR_FILENO) != 0) {}

void run_console::opened(const record_source& source, const std::vector<std::string>& header) {
    source_ = source.name();
    places_ = source.places();
    const bool is_one = source.parts().size() == 1;
    const source_description description = source.describe();
    // What was detected and is out of the ordinary: a person who knows the file sees at once whether it is wrong.
    for (const std::string& notice : description.notices) {
        // Of several files each notice names its own.
        spdlog::info("{}{}", is_one ? source_ + ": " : "", notice);
    }
    // The header is only known here. Nothing was sent yet, so a path that cannot be written is harmless.
    if (!options_.rejects.empty()) {
        rejects_ = std::make_unique<rejects_file>(options_.rejects, header, description.rejects_delimiter, !is_one);
    }
}

void run_console::foreseen(const forecast& f) {
    // A lower bound: answers, blocks and other users of the account come on top.
    std::string time;
    if (f.least_time.count() > 0) {
        time = ", at least " + show_duration(f.least_time) + " under the request limit";
    }
    const std::string doubts = f.doubts > 0 ? fmt::format(", {} in doubt", grouped(f.doubts)) : std::string{};
    const std::string skipped = f.skipped > 0 ? fmt::format(", {} skipped", grouped(f.skipped)) : std::string{};
    spdlog::info("{}{}: {} to create, {} to update, {} to reject{}{}; {}{}",
                 options_.job.empty() ? "" : options_.job + ": ", counted(f.records, "row"), grouped(f.creates),
                 grouped(f.updates), grouped(f.rejects), doubts, skipped, counted(f.requests(), "request"), time);
}

// The file first: the screen only shows the first rows.
void run_console::rejected(const rejection& r) {
    if (rejects_) {
        rejects_->add(r);
    }
    for (const fault& f : r.faults) {
        show_fault(r, f);
    }
    has_rejections_ = true;
}

// Warnings have a count of their own, or they would take the place of faults on the screen.
void run_console::warned(const rejection& r) {
    if (rejects_) {
        rejects_->add_warned(r);
    }
    for (const fault& f : r.faults) {
        if (!options_.quiet && ++warnings_ <= max_shown_rows) {
            fault without_cell = f;
            without_cell.found.clear();
            say_of_row(fmt::format("warning: {}\n", describe_with_place(f)),
                       fmt::format("warning: {}\n", describe_with_place(without_cell)));
        }
    }
}

// With --quiet too: each of these may become a second client of one customer.
void run_console::similar(const std::vector<similar_key>& found, std::uint64_t count) {
    for (const similar_key& s : found) {
        // Of new keys the survey keeps hashes alone, so two of them are named by their lines.
        if (s.key.empty()) {
            print_error(fmt::format(
                "{}, lines {} and {}: new keys that differ only by case or spaces, or by dashes and zeros\n", source_,
                places_->word(s.other_line), places_->word(s.line)));
        } else {
            const std::string where = s.other_line > 0 ? places_->short_text(s.other_line) : std::string("the journal");
            print_error(fmt::format("{}: the new key {} differs only by case or spaces from {} ({})\n",
                                    places_->text(s.line), in_quotes(s.key), in_quotes(s.other), where));
        }
    }
    if (count > found.size()) {
        print_error(fmt::format("… and {} more of such keys\n", grouped(count - found.size())));
    }
    // They are sent all the same: only a person knows.
    print_error("each of these keys is a client of its own: is that meant?\n");
}

void run_console::remarked(const std::string& remark, bool is_likely_wrong) {
    if (is_likely_wrong || !options_.quiet) {
        print_error(remark + "\n");
    }
}

// With --quiet too, as for similar keys.
void run_console::same(const std::vector<same_customer>& found, std::uint64_t count) {
    for (const same_customer& s : found) {
        print_error(fmt::format("{}, {}\n", source_, same_customer_text(s, *places_)));
    }
    if (count > found.size()) {
        print_error(fmt::format("… and {} more of such customers\n", grouped(count - found.size())));
    }
    print_error("each of these rows is a client of its own: merge them, or say what they are with [key] duplicates\n");
}

void run_console::doubtful(const doubtful_create& d) {
    // The journal may hold doubts of rows that this source does not have.
    const std::string where =
        d.line > 0 ? fmt::format("{}, line {}: ", d.file.empty() ? source_ : d.file, d.line) : std::string{};
    show_row(fmt::format("{}the {} of {} is in doubt: {}", where, d.is_update ? "update" : "create", in_quotes(d.key),
                         d.why),
             {}, hidden_doubts_);
}

void run_console::show_fault(const rejection& r, const fault& f) {
    fault without_cell = f;
    without_cell.found.clear();
    show_row(describe_with_place(f), describe_with_place(without_cell), hidden_rejections_);
    auto told = std::find_if(causes_.begin(), causes_.end(), [&](const told_cause& c) {
        return c.cause.code == code_text(f) && c.cause.column == f.where.column;
    });
    if (told == causes_.end()) {
        causes_.push_back({{code_text(f), f.where.column, 0, {}, describe(without_cell)}, describe(f)});
        told = causes_.end() - 1;
    }
    ++told->cause.count;
    if (told->cause.lines.size() < max_cause_lines) {
        told->cause.lines.push_back((r.file.empty() ? "" : r.file + ":") + std::to_string(r.line));
    }
}

// Where there are more faults than are shown one by one.
void run_console::show_causes() {
    std::stable_sort(causes_.begin(), causes_.end(),
                     [](const told_cause& a, const told_cause& b) { return a.cause.count > b.cause.count; });
    for (const told_cause& told : causes_) {
        rejection_cause with_cell = told.cause;
        with_cell.example = told.with_cell;
        say_of_row(cause_text(with_cell), cause_text(told.cause));
    }
}

// One limit for rejected and doubtful rows together.
void run_console::show_row(const std::string& text, const std::string& without_cells, std::uint64_t& hidden) {
    if (shown_rows_ == max_shown_rows) {
        ++hidden;
        return;
    }
    ++shown_rows_;
    say_of_row(text + "\n", (without_cells.empty() ? text : without_cells) + "\n");
}

void run_console::advanced(const progress& p) {
    if (options_.quiet) {
        return;
    }
    // In a log each line stands for itself, with its time.
    if (!terminal_) {
        spdlog::info("{}{}", options_.job.empty() ? "" : options_.job + ": ", progress_text(p, wall_now()));
        return;
    }
    // Asked each time: windows change their size.
    ::winsize window{};
    const std::size_t columns =
        ::ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 0 ? window.ws_col : 80;
    // Written over by the next, and no part of a log.
    show_open_line(progress_line(p, wall_now(), columns, has_utf8()));
}

// A line from the terminal; no answer where a signal came first.
std::string run_console::answer() {
    std::array<::pollfd, 2> waited = {{{STDIN_FILENO, POLLIN, 0}, {termination_descriptor(), POLLIN, 0}}};
    while (::poll(waited.data(), waited.size(), -1) < 0 && errno == EINTR) {
    }
    std::string line;
    return !is_termination_requested() && std::getline(std::cin, line) ? line : std::string{};
}

// The first run of a journal is the one that makes hundreds of clients by mistake.
bool run_console::confirms_first_run(const forecast& f, const std::vector<planned_change>& samples) {
    if (!options_.asks) {
        return true;
    }
    // Several jobs may be at it at once, and there is one person.
    static std::mutex one_question;
    const std::lock_guard lock(one_question);
    if (is_termination_requested()) {
        return false;
    }
    const std::string time = f.least_time.count() > 0 ? ", at least " + show_duration(f.least_time) : "";
    std::string text = fmt::format("\n{}This is the first run of this journal: {} to create, {} to update, {} to "
                                   "reject; {}{}. Such as:\n",
                                   options_.job.empty() ? "" : options_.job + ": ", grouped(f.creates),
                                   grouped(f.updates), grouped(f.rejects), counted(f.requests(), "request"), time);
    for (const planned_change& sample : samples) {
        std::vector<std::string> fields;
        for (const client_field& field : sample.send) {
            fields.push_back(fmt::format("{} {}", field_name(field.code), in_quotes(text_of(field.value))));
        }
        text += fmt::format("  {}, line {}: {}\n", in_quotes(sample.key), sample.line, fmt::join(fields, ", "));
    }
    // To the terminal alone: it shows customers, and is no line of a log.
    const std::string question =
        options_.limit_rows && *options_.limit_rows < f.creates + f.updates
            ? fmt::format("Send the first {}?", grouped(*options_.limit_rows))
            : std::string("Send them? (--limit-rows 20 sends the first ones; --yes does not ask)");
    show_on_terminal(text + question + " [y/N] ");
    const std::string said = answer();
    return said == "y" || said == "Y" || said == "yes";
}

std::string run_console::went_in() {
    // The rejects are on disk before the source may go away.
    try {
        close_rejects();
    } catch (const command_error& failure) {
        return failure.what();
    }
    return options_.went_in();
}

void run_console::close_rejects() {
    if (rejects_ && !rejects_are_closed_) {
        rejects_are_closed_ = true;
        rejects_->close();
    }
}

// At most 20 are named (core/summary.hpp).
std::string run_console::names_of(const std::vector<std::string>& keys, std::uint64_t count) {
    std::vector<std::string> names;
    for (const std::string& key : keys) {
        names.push_back(in_quotes(key));
    }
    if (count > keys.size()) {
        names.push_back(fmt::format("{} more", grouped(count - keys.size())));
    }
    return listed(names);
}

// With --quiet where a person is needed, or asked to be told: what was done as the job has it is in the summary.
void run_console::missing(const missing_summary& m) {
    if (m.kept_status > 0) {
        print_error(fmt::format("{}: {} again in it, and {} the status for missing ones, since the account did not say "
                                "which status they had before; give it back in the panel, or map status_id: {}\n",
                                source_,
                                m.kept_status == 1 ? "1 customer is" : grouped(m.kept_status) + " customers are",
                                m.kept_status == 1 ? "keeps" : "keep", names_of(m.kept_status_keys, m.kept_status)));
    }
    const bool is_as_ordered = m.action != "report" && !m.refused && m.failed == 0;
    if (m.count == 0 || (options_.quiet && is_as_ordered)) {
        return;
    }
    print_error(fmt::format("{}: {} of the last full run {} not in it: {}\n", source_, counted(m.count, "key"),
                            m.count == 1 ? "is" : "are", names_of(m.keys, m.count)));
    if (m.done > 0) {
        print_error(fmt::format("  {} {}\n", counted(m.done, "client"),
                                m.action == "delete" ? "deleted" : "given the status for missing ones"));
    }
    if (!m.note.empty()) {
        print_error(fmt::format("  {}{}\n", m.failed > 0 ? fmt::format("{} failed, ", grouped(m.failed)) : "", m.note));
    }
}

std::chrono::milliseconds run_console::progress_interval() const {
    // Often enough to look alive; and a line a minute in a log that somebody keeps.
    return terminal_ ? std::chrono::milliseconds(500) : std::chrono::minutes(1);
}

// Precondition: called once, after the run. Without it the rejects file is not put in its place.
void run_console::finish() {
    show_open_line({});
    if (hidden_rejections_ > 0) {
        print_error(fmt::format("… and {} more; all of them by their causes{}:\n", counted(hidden_rejections_, "fault"),
                                rejects_ ? "" : " (--rejects FILE.csv takes the rows)"));
        show_causes();
    }
    if (!options_.quiet && warnings_ > max_shown_rows) {
        print_error(fmt::format("… and {} more{}\n", counted(warnings_ - max_shown_rows, "warning"),
                                rejects_ ? "" : "; --rejects FILE.csv takes all of their rows"));
    }
    if (hidden_doubts_ > 0) {
        print_error(fmt::format("… and {} more in doubt; baseload export lists them\n", grouped(hidden_doubts_)));
    }
    if (rejects_) {
        close_rejects();
        // An empty file is written too, so that an old one does not look like this run's.
        if (has_rejections_) {
            print_error(fmt::format("rejected rows: {}\n", rejects_->path().string()));
        }
    }
}

}  // namespace baseload
