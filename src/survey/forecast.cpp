#include "baseload/survey/forecast.hpp"

namespace baseload {

forecast foresee(const survey& found, const missing_keys& missing, const settings& job, std::uint64_t lookups,
                 bool is_first) {
    const auto counts = found.counts();
    const auto of = [&](row_need n) { return counts.at(static_cast<std::size_t>(n)); };
    forecast f;
    f.lookups = lookups;
    f.records = found.records();
    f.creates = of(row_need::create);
    f.updates = of(row_need::update);
    // Where it is the first, one request asks whether the account has clients (import/first_create).
    f.checks = (is_first && f.creates > 0 ? 1 : 0) + (job.look_up_creates ? f.creates : 0);
    f.backups = job.backup ? f.updates : 0;
    // At least one request each; how many a look-up needs depends on what it finds.
    f.doubts = of(row_need::look_up);
    f.rejects = of(row_need::reject) + of(row_need::conflict) + of(row_need::held_back) + of(row_need::duplicate);
    f.skipped = of(row_need::skipped);
    f.missing = missing.requests(job.missing);
    if (job.account.requests_per_minute > 0) {
        // The first minute's worth leaves at once.
        // The last minute's requests leave at once too, so the least time is that of the full minutes before them.
        const std::uint64_t full_minutes = f.requests() == 0 ? 0 : (f.requests() - 1) / job.account.requests_per_minute;
        f.least_time = std::chrono::minutes(full_minutes);
    }
    return f;
}

}  // namespace baseload
