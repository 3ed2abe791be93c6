#include "log.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/rotating_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {
namespace {

constexpr std::size_t bytes_a_file = 10'000'000;
constexpr std::size_t files_kept = 4;  // beside the one that is written

log_options current;
// The cursor stands behind a line that show_open_line() has written.
std::atomic<bool> line_is_open = false;
// ESC [ K erases to the end of the line (ECMA-48).
constexpr const char* erase_line = "\r\x1b[K";

void close_line() {
    if (line_is_open.exchange(false)) {
        std::fputs(erase_line, stderr);
    }
}

// Of what people are told: in a file, and in JSON on standard error too. Null where there is neither.
std::shared_ptr<spdlog::logger> said;

// What a message quotes may be anybody's words.
class fit_message final : public spdlog::custom_flag_formatter {
public:
    explicit fit_message(bool is_json) : is_json_(is_json) {}
    void format(const spdlog::details::log_msg& message, const std::tm& /*time*/, spdlog::memory_buf_t& into) override {
        const std::string_view payload(message.payload.data(), message.payload.size());
        const std::string text =
            is_json_ ? json_fit_to_show(boost::json::serialize(boost::json::string(payload))) : shown_lines(payload);
        into.append(text.data(), text.data() + text.size());
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<fit_message>(is_json_);
    }

private:
    bool is_json_;
};

// Before a line of the log on a terminal where progress stands.
class clear_progress final : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& /*message*/, const std::tm& /*time*/,
                spdlog::memory_buf_t& into) override {
        if (line_is_open.exchange(false)) {
            const std::string_view text = erase_line;
            into.append(text.data(), text.data() + text.size());
        }
    }
    [[nodiscard]] std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<clear_progress>();
    }
};

std::unique_ptr<spdlog::formatter> formatter_of(bool is_json, bool is_screen) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    // Local time and its distance from UTC, as people who read the log have it; summaries and history are in UTC.
    formatter->add_flag<fit_message>('*', is_json).add_flag<clear_progress>('@');
    formatter->set_pattern(std::string(is_screen ? "%@" : "") +
                           (is_json ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%*})"
                                    : "%Y-%m-%d %H:%M:%S %z %^%l%$ %*"));
    return formatter;
}

spdlog::sink_ptr file_sink(const std::string& file) {
    try {
        return std::make_shared<spdlog::sinks::rotating_file_sink_mt>(file, bytes_a_file, files_kept);
    } catch (const spdlog::spdlog_ex& error) {
        throw command_error(exit_code::usage, fmt::format("the log {} cannot be written ({}); name another with "
                                                          "--log-file. Nothing was sent",
                                                          file, error.what()));
    }
}

void log_said(const std::string& text) {
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        said->warn(std::string_view(text).substr(begin, end - begin));
        begin = end + 1;
    }
}

}  // namespace

void set_log_up(const log_options& options, bool quiet) {
    // https://no-color.org
    const char* no_color = std::getenv("NO_COLOR");
    const bool is_plain = no_color != nullptr && *no_color != '\0';
    const auto screen = std::make_shared<spdlog::sinks::stderr_color_sink_mt>(is_plain ? spdlog::color_mode::never
                                                                                       : spdlog::color_mode::automatic);
    std::vector<spdlog::sink_ptr> sinks = {screen};
    std::vector<spdlog::sink_ptr> said_sinks;
    if (!options.file.empty()) {
        sinks.push_back(file_sink(options.file));
        said_sinks.push_back(sinks.back());
    }
    if (options.is_json) {
        // Of its own, since what people are told is never quiet.
        said_sinks.push_back(std::make_shared<spdlog::sinks::stderr_color_sink_mt>(spdlog::color_mode::never));
        said_sinks.back()->set_formatter(formatter_of(true, true));
    }
    auto log = std::make_shared<spdlog::logger>("baseload", sinks.begin(), sinks.end());
    // What is quiet is the screen: a log that is asked for has all of it.
    screen->set_level(quiet ? spdlog::level::err : spdlog::level::trace);
    log->set_level(options.is_debug ? spdlog::level::debug : spdlog::level::info);
    // Of a sink each, after the loggers were made: a logger's own would take the place of all.
    for (const spdlog::sink_ptr& sink : sinks) {
        sink->set_formatter(formatter_of(options.is_json, sink == screen));
    }
    said =
        said_sinks.empty() ? nullptr : std::make_shared<spdlog::logger>("said", said_sinks.begin(), said_sinks.end());
    // What cannot be written is lost; spdlog would say so on standard error, in a form of its own.
    const auto say_nothing = [](const std::string&) {};
    log->set_error_handler(say_nothing);
    if (said) {
        said->flush_on(spdlog::level::warn);
        said->set_error_handler(say_nothing);
    }
    log->flush_on(spdlog::level::info);
    spdlog::set_default_logger(std::move(log));
    current = options;
}

bool logs_json() {
    return current.is_json;
}

bool has_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        if (const char* value = std::getenv(name); value != nullptr && *value != '\0') {
            const std::string locale = ascii_lower(value);
            return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
        }
    }
    return false;
}

void show_on_terminal(const std::string& text) {
    close_line();
    std::fputs(shown_lines(text).c_str(), stderr);
}

void show_open_line(const std::string& text) {
    close_line();
    if (!text.empty()) {
        std::fputs(shown(text).c_str(), stderr);
        // stderr is not buffered by default; with a buffer the line would come late.
        std::fflush(stderr);
        line_is_open = true;
    }
}

// A terminal that went away or a full log disk must not end an import: what cannot be written is lost.
void say(const std::string& text) {
    if (!current.is_json) {
        show_on_terminal(text);
    }
    if (said) {
        log_said(text);
    }
}

void say_of_row(const std::string& text, const std::string& without_cells) {
    if (!current.is_json) {
        show_on_terminal(text);
    }
    if (said) {
        log_said(current.is_debug ? text : without_cells);
    }
}

}  // namespace baseload
