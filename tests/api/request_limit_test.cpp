#include "baseload/api/request_limit.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

using namespace baseload;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using time_point = request_limit::time_point;

namespace {

struct trace {
    std::vector<time_point> arrivals;  // as the service sees them
    time_point end;
};

// Many workers that always have something to send, in virtual time. Each request arrives
// somewhere between its sending and its answer; some are never answered.
trace simulate(std::uint32_t per_minute, std::size_t workers, int slowest_ms, double lost, std::uint64_t seed,
               minutes length) {
    const milliseconds longest = milliseconds(slowest_ms) + seconds(1);
    const request_limit::request_times times{.until_given_up = longest, .settling = seconds(30)};
    request_limit limit(per_minute, times);
    std::mt19937_64 random(seed);
    std::uniform_int_distribution<int> latency(1, slowest_ms);
    std::uniform_real_distribution<> share(0, 1);
    struct pending {
        time_point answered;
        slot_id slot;
        bool is_lost;
    };
    std::vector<pending> under_way;
    trace found;
    slot_id next_slot = 0;
    time_point now{seconds(1000)};
    const time_point end = now + length;
    while (now < end) {
        for (auto at = under_way.begin(); at != under_way.end();) {
            if (at->answered <= now) {
                limit.hold(at->slot,
                           at->is_lost ? limit.free_once_given_up(now) : request_limit::free_once_answered(now));
                at = under_way.erase(at);
            } else {
                ++at;
            }
        }
        milliseconds step = longest;
        if (under_way.size() < workers) {
            const milliseconds wait = limit.delay(now);
            if (wait.count() == 0) {
                limit.hold(++next_slot, limit.free_if_unheard_of(now));
                const milliseconds took(latency(random));
                const bool is_lost = share(random) < lost;
                const milliseconds latest = took + (is_lost ? times.settling : milliseconds(0));  // given up, delivered
                const milliseconds way(static_cast<int>(share(random) * static_cast<double>(latest.count())));
                found.arrivals.push_back(now + way);
                under_way.push_back({now + took, next_slot, is_lost});
                continue;
            }
            step = wait;
        }
        for (const pending& p : under_way) {
            step = std::min(step, p.answered - now);
        }
        now += std::max(step, milliseconds(1));
    }
    std::sort(found.arrivals.begin(), found.arrivals.end());
    found.end = end;
    return found;
}

// The most arrivals in any minute, both its ends included.
std::size_t busiest_minute(const std::vector<time_point>& arrivals) {
    std::size_t most = 0;
    std::size_t first = 0;
    for (std::size_t last = 0; last < arrivals.size(); ++last) {
        while (arrivals[last] - arrivals[first] > minutes(1)) {
            ++first;
        }
        most = std::max(most, last - first + 1);
    }
    return most;
}

}  // namespace

TEST_CASE("whatever the latencies, the service never counts more than the limit in a minute") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        const std::uint32_t per_minute = seed % 3 == 0 ? 1 : seed % 3 == 1 ? 7 : 90;
        const int slowest = seed % 2 == 0 ? 40 : 20'000;
        const double lost = seed % 5 == 0 ? 0.2 : 0;
        CAPTURE(seed);
        const trace t = simulate(per_minute, 1 + seed % 16, slowest, lost, seed, minutes(10));
        CHECK(busiest_minute(t.arrivals) <= per_minute);
        CHECK_FALSE(t.arrivals.empty());
    }
}

TEST_CASE("what the limit allows is used to at least 0.99 over ten minutes") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const trace t = simulate(90, 8, 200, 0, seed, minutes(10));
        CHECK(static_cast<double>(t.arrivals.size()) >= 0.99 * 90 * 10);
    }
}

TEST_CASE("a burst at the start leaves at once, and the next request waits a minute for an answer's age") {
    request_limit limit(3, {seconds(60), seconds(0)});
    const time_point start{seconds(50)};
    for (slot_id slot = 0; slot < 3; ++slot) {
        CHECK(limit.delay(start).count() == 0);
        limit.hold(slot, limit.free_if_unheard_of(start));
    }
    CHECK(limit.delay(start) > minutes(1));
    limit.hold(1, request_limit::free_once_answered(start + seconds(2)));
    const milliseconds wait = limit.delay(start + seconds(2));
    CHECK(wait > minutes(1));
    CHECK(wait <= minutes(1) + milliseconds(100));
    CHECK(limit.delay(start + seconds(2) + wait).count() == 0);
}

TEST_CASE("more slots than a lowered limit allows must come free first") {
    request_limit limit(2, {seconds(60), seconds(0)});
    const time_point now{seconds(50)};
    for (slot_id slot = 0; slot < 5; ++slot) {
        limit.hold(slot, now + seconds(10 * (slot + 1)));
    }
    CHECK(limit.delay(now) == seconds(40));  // when the fourth is free, one is left
}
