#include "run_console.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "print.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <utility>
#include <vector>

namespace baseload {
namespace {

constexpr std::uint64_t max_shown_rows = 10;

}  // namespace

run_console::run_console(bool quiet, std::optional<std::filesystem::path> rejects)
    : quiet_(quiet), terminal_(!quiet && ::isatty(STDERR_FILENO) != 0), rejects_path_(std::move(rejects)) {}

void run_console::opened(const record_source& source, const std::vector<std::string>& header) {
    source_ = source.name();
    const source_description description = source.describe();
    for (const std::string& notice : description.notices) {
        spdlog::info("{}: {}", source_, notice);
    }
    if (rejects_path_) {
        rejects_ = std::make_unique<rejects_file>(*rejects_path_, header, description.rejects_delimiter);
    }
}

void run_console::foreseen(const forecast& f) {
    std::string time;
    if (f.least_time.count() > 0) {
        time = ", at least " + show_duration(f.least_time) + " under the request limit";
    }
    const std::string doubts = f.doubts > 0 ? fmt::format(", {} in doubt", grouped(f.doubts)) : std::string{};
    spdlog::info("{}: {} to create, {} to update, {} to reject{}; {}{}", counted(f.records, "row"), grouped(f.creates),
                 grouped(f.updates), grouped(f.rejects), doubts, counted(f.requests(), "request"), time);
}

void run_console::rejected(const rejection& r) {
    if (rejects_) {
        rejects_->add(r);
    }
    for (const fault& f : r.faults) {
        show_row(describe_with_place(f), hidden_rejections_);
    }
    has_rejections_ = true;
}

void run_console::warned(const std::vector<fault>& warnings) {
    for (const fault& f : warnings) {
        if (!quiet_ && ++warnings_ <= max_shown_rows) {
            clear_line();
            print_error(fmt::format("warning: {}\n", describe_with_place(f)));
        }
    }
}

void run_console::similar(const std::vector<similar_key>& found, std::uint64_t count) {
    for (const similar_key& s : found) {
        if (s.key.empty()) {
            print_error(fmt::format("{}, lines {} and {}: new keys that differ only by case or spaces\n", source_,
                                    s.other_line, s.line));
        } else {
            const std::string where =
                s.other_line > 0 ? fmt::format("line {}", s.other_line) : std::string("the journal");
            print_error(fmt::format("{}, line {}: the new key {} differs only by case or spaces from {} ({})\n",
                                    source_, s.line, in_quotes(s.key), in_quotes(s.other), where));
        }
    }
    if (count > found.size()) {
        print_error(fmt::format("… and {} more of such keys\n", grouped(count - found.size())));
    }
    print_error("each of these keys is a client of its own: is that meant?\n");
}

void run_console::doubtful(const doubtful_create& d) {
    const std::string where = d.line > 0 ? fmt::format("{}, line {}: ", source_, d.line) : std::string{};
    show_row(fmt::format("{}the {} of {} is in doubt: {}", where, d.is_update ? "update" : "create", in_quotes(d.key),
                         d.why),
             hidden_doubts_);
}

void run_console::show_row(const std::string& text, std::uint64_t& hidden) {
    if (shown_rows_ == max_shown_rows) {
        ++hidden;
        return;
    }
    ++shown_rows_;
    clear_line();
    print_error(text + "\n");
}

void run_console::advanced(const progress& p) {
    if (quiet_) {
        return;
    }
    std::string text = fmt::format("{} of {} rows, {} requests, {:.0f} a minute", grouped(p.settled),
                                   grouped(p.records), grouped(p.requests), p.requests_per_minute);
    if (p.reduced_limit) {
        text += fmt::format(", others use the account too: at most {} a minute", grouped(*p.reduced_limit));
    }
    if (p.blocked) {
        text += ", paused: the account is blocked";
    } else if (p.unconnected) {
        text += ", no connection";
    } else if (p.requests_to_go > 0) {
        text += fmt::format(", {} to go in about {}", grouped(p.requests_to_go), show_duration(p.to_go));
    }
    if (!terminal_) {
        spdlog::info("{}", text);
        return;
    }
    clear_line();
    print_error(text);
    std::fflush(stderr);
    line_is_open_ = true;
}

void run_console::missing(const missing_summary& m) {
    clear_line();
    std::vector<std::string> names;
    for (const std::string& key : m.keys) {
        names.push_back(in_quotes(key));
    }
    if (m.count > m.keys.size()) {
        names.push_back(fmt::format("{} more", grouped(m.count - m.keys.size())));
    }
    print_error(fmt::format("{}: {} of the last full run {} not in it: {}\n", source_, counted(m.count, "key"),
                            m.count == 1 ? "is" : "are", listed(names)));
    if (m.done > 0) {
        print_error(fmt::format("  {} {}\n", counted(m.done, "client"),
                                m.action == "delete" ? "deleted" : "given the status for missing ones"));
    }
    if (!m.note.empty()) {
        print_error(fmt::format("  {}{}\n", m.failed > 0 ? fmt::format("{} failed, ", grouped(m.failed)) : "", m.note));
    }
}

std::chrono::milliseconds run_console::progress_interval() const {
    return terminal_ ? std::chrono::milliseconds(500) : std::chrono::minutes(1);
}

void run_console::clear_line() {
    if (line_is_open_) {
        std::fputs("\r\x1b[K", stderr);
        line_is_open_ = false;
    }
}

void run_console::finish() {
    clear_line();
    if (hidden_rejections_ > 0) {
        print_error(fmt::format("… and {} more{}\n", counted(hidden_rejections_, "fault"),
                                rejects_ ? "" : "; --rejects FILE.csv takes all rejected rows"));
    }
    if (hidden_doubts_ > 0) {
        print_error(fmt::format("… and {} more in doubt; baseload export lists them\n", grouped(hidden_doubts_)));
    }
    if (rejects_) {
        rejects_->close();
        if (has_rejections_) {
            print_error(fmt::format("rejected rows: {}\n", rejects_->path().string()));
        }
    }
}

}  // namespace baseload
