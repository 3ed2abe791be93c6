#include "plots.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace baseload {
namespace {

// The drawing, and in it the rectangle of the plot.
constexpr double width = 360;
constexpr double height = 166;
constexpr double left = 36;
constexpr double right = 352;
constexpr double top = 12;
constexpr double bottom = 146;
constexpr std::size_t most_bars = 150;

class drawing {
public:
    explicit drawing(double highest) : highest_(std::max(highest, 1.0)) {}

    [[nodiscard]] double y(double value) const { return bottom - value / highest_ * (bottom - top); }

    void bar(double x, double wide, double from, double to, std::string_view css, const std::string& said) {
        svg_ += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\"><title>{}"
                            "</title></rect>",
                            css, x, y(to), wide, y(from) - y(to), said);
    }
    void line(double value, std::string_view css) {
        svg_ += fmt::format("<line class=\"{}\" x1=\"{}\" x2=\"{}\" y1=\"{:.2f}\" y2=\"{:.2f}\"/>", css, left, right,
                            y(value), y(value));
    }
    void text(double x, double at_y, std::string_view anchor, const std::string& words) {
        svg_ += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>", x, at_y, anchor, words);
    }
    // The scale at the left, and below what the first and the last bar are; `end` is the last one's right side.
    void axes(const std::string& first, const std::string& last, double end) {
        line(0, "axis");
        text(left - 4, bottom + 3, "end", "0");
        text(left - 4, y(highest_) + 4, "end", grouped(static_cast<std::uint64_t>(std::llround(highest_))));
        text(left, bottom + 14, "start", first);
        constexpr double room_for_both = 130;
        if (end - left > room_for_both) {
            text(end, bottom + 14, "end", last);
        }
    }
    // `what`: for those who do not see it.
    [[nodiscard]] std::string finished(const std::string& what) const {
        return fmt::format("<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}</svg>", width,
                           height, what, svg_);
    }

private:
    double highest_;
    std::string svg_;
};

}  // namespace

std::string minutes_plot(const run_details& details) {
    if (details.minutes.empty()) {
        return {};
    }
    // Of a long run a bar stands for several minutes: the most of them, so that no minute above the limit hides.
    const std::size_t each = (details.minutes.size() + most_bars - 1) / most_bars;
    std::uint32_t most = 0;
    std::uint64_t all = 0;
    for (const run_minute& minute : details.minutes) {
        most = std::max(most, minute.requests);
        all += minute.requests;
    }
    drawing d(std::max<double>(most, details.limit) * 1.08);
    const std::size_t bars = (details.minutes.size() + each - 1) / each;
    const double step = (right - left) / static_cast<double>(std::max<std::size_t>(bars, 10));
    std::uint64_t paused = 0;
    for (std::size_t bar = 0; bar < bars; ++bar) {
        std::uint32_t requests = 0;
        std::uint32_t paused_here = 0;
        const std::size_t first = bar * each;
        const std::size_t behind = std::min(first + each, details.minutes.size());
        for (std::size_t i = first; i < behind; ++i) {
            requests = std::max(requests, details.minutes[i].requests);
            paused_here += details.minutes[i].paused_seconds;
        }
        paused += paused_here;
        const double x = left + static_cast<double>(bar) * step;
        const std::string when = behind - first == 1 ? fmt::format("minute {}", first + 1)
                                                     : fmt::format("minutes {} to {}", first + 1, behind);
        if (paused_here > 0) {
            d.bar(x, step, 0, std::max<double>(most, details.limit) * 1.08, "pause",
                  fmt::format("{}: blocked for {} s", when, paused_here));
        }
        d.bar(x + step * 0.1, step * 0.8, 0, requests, "requests", fmt::format("{}: {} requests", when, requests));
    }
    if (details.limit > 0) {
        d.line(details.limit, "limit");
        d.text(right, d.y(details.limit) - 3, "end", fmt::format("limit {}", details.limit));
    }
    d.axes("minute 1", fmt::format("minute {}", details.minutes.size()), left + static_cast<double>(bars) * step);
    return d.finished(fmt::format("Requests in each of {} minutes: {} in all, at most {} in a minute{}{}",
                                  details.minutes.size(), grouped(all), most,
                                  details.limit > 0 ? fmt::format(", the limit is {}", details.limit) : "",
                                  paused > 0 ? fmt::format("; blocked for {} seconds", paused) : ""));
}

std::string history_plot(const std::vector<run_record>& runs) {
    if (runs.size() < 2) {
        return {};
    }
    constexpr std::array shown = {outcome::created, outcome::updated, outcome::rejected, outcome::in_doubt};
    std::uint64_t most = 0;
    for (const run_record& run : runs) {
        std::uint64_t here = 0;
        for (const outcome o : shown) {
            here += run.summary.rows.of(o);
        }
        most = std::max(most, here);
    }
    drawing d(static_cast<double>(most));
    const double step = (right - left) / static_cast<double>(std::max<std::size_t>(runs.size(), 10));
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const run_summary& s = runs[i].summary;
        double from = 0;
        for (const outcome o : shown) {
            const auto count = static_cast<double>(s.rows.of(o));
            if (count == 0) {
                continue;
            }
            std::string css(outcome_name(o));
            std::replace(css.begin(), css.end(), ' ', '-');
            d.bar(
                left + static_cast<double>(i) * step + step * 0.1, step * 0.8, from, from + count, css,
                fmt::format("run {}, {}: {} {}", s.run, show_time(s.started), grouped(s.rows.of(o)), outcome_name(o)));
            from += count;
        }
        if (!runs[i].ended || (s.code != exit_code::success && s.code != exit_code::incomplete)) {
            d.text(left + (static_cast<double>(i) + 0.5) * step, top - 2, "middle", "×");
        }
    }
    d.axes(fmt::format("run {}", runs.front().summary.run), fmt::format("run {}", runs.back().summary.run),
           left + static_cast<double>(runs.size()) * step);
    return d.finished(fmt::format("What runs {} to {} created, updated and rejected; the table below has the numbers",
                                  runs.front().summary.run, runs.back().summary.run));
}

}  // namespace baseload
