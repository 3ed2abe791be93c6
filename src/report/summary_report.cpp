#include "baseload/report/summary_report.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/core/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

namespace json = boost::json;

std::string line(std::string_view name, std::uint64_t number, const std::string& note = {}) {
    return fmt::format("  {:<13}{:>12}{}\n", name, grouped(number), note.empty() ? "" : "  " + note);
}

std::string note_of(outcome o, const run_summary& s) {
    if (o == outcome::unchanged && s.merged > 0) {
        return fmt::format("({} of them {} another row)", grouped(s.merged), s.merged == 1 ? "repeats" : "repeat");
    }
    if (o == outcome::updated && s.fields_sent > 0) {
        return fmt::format("({})", counted(s.fields_sent, "field"));
    }
    return {};
}

std::string doubts(const run_summary& s) {
    std::string text;
    if (!s.doubtful_keys.empty()) {
        text += "  held, for nobody knows whether the account has them: ";
        for (std::size_t i = 0; i < s.doubtful_keys.size(); ++i) {
            text += (i == 0 ? "" : ", ") + in_quotes(s.doubtful_keys[i]);
        }
        const std::uint64_t all = s.rows.of(outcome::in_doubt);
        text += all > s.doubtful_keys.size() ? fmt::format(" and {} more\n", all - s.doubtful_keys.size()) : "\n";
    }
    if (s.doubtful_elsewhere > 0) {
        text += fmt::format("  {} more in doubt in the journal, for keys that this source does not have\n",
                            grouped(s.doubtful_elsewhere));
    }
    return text;
}

}  // namespace

std::string summary_text(const run_summary& s) {
    std::string text = fmt::format("{} -> account {}, run {}, {}\n", s.source, in_quotes(s.account), s.run,
                                   show_duration(s.finished - s.started));
    text += line("rows read", s.records);
    for (int i = 0; i < outcome_kinds; ++i) {
        const auto o = static_cast<outcome>(i);
        text += line(fmt::format("  {}", outcome_name(o)), s.rows.of(o), note_of(o, s));
    }
    text += line("requests", s.requests);
    if (s.paused.count() > 0) {
        text += fmt::format("  paused for {}, while the account was blocked\n", show_duration(s.paused));
    }
    if (s.replaced_characters > 0) {
        text += fmt::format("  {} that the service cannot hold (emoji and the like) sent as \"?\"\n",
                            counted(s.replaced_characters, "character"));
    }
    text += doubts(s);
    if (!s.stopped_because.empty()) {
        text += fmt::format("  ended early: {}\n", s.stopped_because);
    }
    return text;
}

std::string summary_json(const run_summary& s) {
    json::object rows;
    for (int i = 0; i < outcome_kinds; ++i) {
        const auto o = static_cast<outcome>(i);
        std::string name(outcome_name(o));
        std::replace(name.begin(), name.end(), ' ', '_');
        rows[name] = s.rows.of(o);
    }
    json::object all;
    all["run"] = s.run;
    all["source"] = s.source;
    all["account"] = s.account;
    all["started"] = show_time(s.started);
    all["finished"] = show_time(s.finished);
    all["records"] = s.records;
    all["outcomes"] = std::move(rows);
    all["merged"] = s.merged;
    all["requests"] = s.requests;
    all["fields_sent"] = s.fields_sent;
    all["replaced_characters"] = s.replaced_characters;
    all["paused_ms"] = s.paused.count();
    all["doubtful_keys"] = json::array(s.doubtful_keys.begin(), s.doubtful_keys.end());
    all["doubtful_elsewhere"] = s.doubtful_elsewhere;
    all["stopped_because"] = s.stopped_because.empty() ? json::value(nullptr) : json::value(s.stopped_because);
    all["exit_code"] = static_cast<int>(s.code);
    return json::serialize(all);
}

summary_file::summary_file(std::filesystem::path path)
    : path_(std::move(path)), part_(path_.string() + ".part"), out_(part_, std::ios::binary | std::ios::trunc) {
    if (!out_) {
        throw stop(exit_code::usage, fmt::format("the summary {} cannot be written ({}); name another with --summary. "
                                                 "Nothing was sent",
                                                 path_.string(), std::strerror(errno)));
    }
}

summary_file::~summary_file() {
    if (out_.is_open()) {
        out_.close();
        std::error_code ignored;
        std::filesystem::remove(part_, ignored);
    }
}

void summary_file::write(const run_summary& summary) {
    out_ << summary_json(summary) << "\n";
    out_.close();
    std::error_code error;
    if (out_) {
        std::filesystem::rename(part_, path_, error);
    } else {
        error = std::error_code(errno, std::generic_category());
    }
    if (error) {
        throw stop(exit_code::stopped, fmt::format("the summary {} cannot be written ({}); the run itself is in the "
                                                   "journal: baseload runs JOB shows it",
                                                   path_.string(), error.message()));
    }
}

}  // namespace baseload
