#include "baseload/report/progress_text.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace baseload {
namespace {

std::tm local(wall_time when) {
    return fmt::localtime(std::chrono::system_clock::to_time_t(when));
}

// "14:35", and the day before it where that is not today.
std::string time_of_day(wall_time when, wall_time now) {
    const std::tm then = local(when);
    const std::tm today = local(now);
    const bool is_today = then.tm_yday == today.tm_yday && then.tm_year == today.tm_year;
    return is_today ? fmt::format("{:%H:%M}", then) : fmt::format("{:%a %d %b %H:%M}", then);
}

std::string rate_text(const progress& p) {
    if (p.limit == 0) {
        return counted(p.requests, "request");
    }
    const std::string limit =
        p.reduced_limit ? fmt::format("{} (others use the account too)", *p.reduced_limit) : std::to_string(p.limit);
    return fmt::format("{} of {} a minute", p.requests_last_minute, limit);
}

// Why nothing goes on; blank where it does.
std::string obstacle(const progress& p, wall_time now) {
    if (p.blocked_until) {
        const auto left = std::max(*p.blocked_until - now, wall_time::duration{0});
        return fmt::format("account blocked until {}, {} left", time_of_day(*p.blocked_until, now),
                           show_duration(std::chrono::ceil<std::chrono::seconds>(left)));
    }
    return p.unconnected ? "no connection: it is tried again" : "";
}

}  // namespace

std::vector<std::string> progress_parts(const progress& p, wall_time now) {
    if (!p.is_sending) {
        return {"reading the source"};
    }
    std::vector<std::string> parts = {fmt::format("{} of {}", grouped(p.rows.total()), counted(p.records, "row"))};
    const std::string obstacle_now = obstacle(p, now);
    if (!obstacle_now.empty()) {
        parts.push_back(obstacle_now);
    }
    const auto add_count = [&](outcome o) {
        if (p.rows.of(o) > 0) {
            parts.push_back(fmt::format("{} {}", grouped(p.rows.of(o)), outcome_name(o)));
        }
    };
    for (const outcome o : {outcome::created, outcome::updated, outcome::rejected, outcome::in_doubt}) {
        add_count(o);
    }
    // While nothing can be sent no forecast is true.
    if (obstacle_now.empty() && p.requests_to_go > 0) {
        parts.push_back("done at about " + time_of_day(now + p.to_go, now));
    }
    parts.push_back(rate_text(p));
    add_count(outcome::unchanged);
    add_count(outcome::skipped);
    return parts;
}

std::string progress_text(const progress& p, wall_time now) {
    return fmt::format("{}", fmt::join(progress_parts(p, now), ", "));
}

std::string progress_line(const progress& p, wall_time now, std::size_t columns, bool has_utf8) {
    constexpr std::size_t widest_bar = 24;
    constexpr std::size_t fewest_columns_for_bar = 40;
    std::string line;
    if (columns >= fewest_columns_for_bar && p.is_sending && p.records > 0) {
        const std::size_t width = std::min(widest_bar, columns / 8);
        const auto done = static_cast<std::size_t>(static_cast<double>(width) * static_cast<double>(p.rows.total()) /
                                                   static_cast<double>(p.records));
        for (std::size_t i = 0; i < width; ++i) {
            line += i < done ? (has_utf8 ? "█" : "#") : (has_utf8 ? "░" : ".");
        }
        line += ' ';
    }
    std::size_t used = display_width(line);
    bool is_first = true;
    for (const std::string& part : progress_parts(p, now)) {
        const std::string piece = (is_first ? "" : ", ") + part;
        // The last column stays free: a terminal may break the line behind it.
        if (used + display_width(piece) >= columns) {
            break;
        }
        line += piece;
        used += display_width(piece);
        is_first = false;
    }
    return line;
}

}  // namespace baseload
