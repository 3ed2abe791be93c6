#include "baseload/api/block_notice.hpp"

#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// RFC 9110, IMF-fixdate: "Tue, 03 May 2022 15:05:34 GMT".
std::optional<wall_time> http_date(std::string_view header) {
    std::tm parts{};
    const std::string text(header);
    const char* rest = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (rest == nullptr || *rest != '\0') {
        return std::nullopt;
    }
    // timegm and not mktime, which would take the time for local.
    return wall_time(std::chrono::seconds(::timegm(&parts)));
}

namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using instant = std::chrono::sys_time<milliseconds>;

// The service names whole seconds, and its clock may differ from ours: a request a moment too early would prolong the
// block.
constexpr milliseconds margin = seconds(5);
constexpr milliseconds max_believed = minutes(15);
// Blocks last mostly ten minutes (seen), and a minute more is cheap beside a second block.
constexpr milliseconds when_unreadable = minutes(11);
constexpr milliseconds max_retry_after = std::chrono::hours(1);

struct local_time {
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};

// Every digit is tried as a beginning: the text around the time is not documented, and may hold other numbers.
std::optional<local_time> find_time(std::string_view message) {
    const std::string text(message);
    for (std::size_t at = text.find_first_of("0123456789"); at != std::string::npos;
         at = text.find_first_of("0123456789", at + 1)) {
        local_time t;
        // sscanf and not a pattern: only the six numbers matter, with a blank or a T between date and time.
        if (std::sscanf(text.c_str() + at, "%4d-%2d-%2d%*1[ T]%2d:%2d:%2d", &t.year, &t.month, &t.day, &t.hour,
                        &t.minute, &t.second) == 6) {
            return t;
        }
    }
    return std::nullopt;
}

std::optional<instant> in_zone(const local_time& t, const icu::TimeZone& zone) {
    UErrorCode status = U_ZERO_ERROR;
    icu::GregorianCalendar calendar(zone, status);
    // ICU counts months from 0.
    calendar.set(t.year, t.month - 1, t.day, t.hour, t.minute, t.second);
    calendar.set(UCAL_MILLISECOND, 0);
    const UDate when = calendar.getTime(status);
    if (U_FAILURE(status)) {
        return std::nullopt;
    }
    return instant(milliseconds(static_cast<std::int64_t>(when)));
}

}  // namespace

namespace {

std::optional<milliseconds> wait_of_header(std::string_view retry_after, instant answered) {
    std::int64_t in_seconds = 0;
    const char* end = retry_after.data() + retry_after.size();
    const auto [rest, error] = std::from_chars(retry_after.data(), end, in_seconds);
    milliseconds wait{0};
    if (error == std::errc{} && rest == end && in_seconds >= 0) {
        // Bounded before it becomes milliseconds, so that no number overflows; the real bound follows below.
        wait = seconds(std::min<std::int64_t>(in_seconds, 86'400));
    } else if (const auto date = http_date(retry_after)) {
        wait = std::max(*date - answered, milliseconds(0));
    } else {
        return std::nullopt;
    }
    return std::min(wait, max_retry_after) + margin;
}

}  // namespace

milliseconds block_wait(std::string_view message, std::string_view date_header, std::string_view retry_after,
                        instant now) {
    // By the service's own clock, since ours may be wrong; ours only where it names no time.
    const instant answered = http_date(date_header).value_or(now);
    const auto until = find_time(message);
    if (!until) {
        return wait_of_header(retry_after, answered).value_or(when_unreadable);
    }
    std::vector<std::unique_ptr<icu::TimeZone>> zones;
    // In this order, since the vendor is Polish; a time that two zones make sane is taken as Warsaw's.
    zones.emplace_back(icu::TimeZone::createTimeZone("Europe/Warsaw"));
    zones.emplace_back(icu::TimeZone::createTimeZone("UTC"));
    zones.emplace_back(icu::TimeZone::createDefault());
    for (const auto& zone : zones) {
        const auto deadline = in_zone(*until, *zone);
        if (deadline && *deadline >= answered && *deadline - answered <= max_believed) {
            return *deadline - answered + margin;
        }
    }
    return wait_of_header(retry_after, answered).value_or(when_unreadable);
}

}  // namespace baseload
