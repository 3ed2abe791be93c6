#include "baseload/survey/missing_keys.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

namespace baseload {
namespace {

const char* name_of(missing_action action) {
    switch (action) {
    case missing_action::ignore: return "";
    case missing_action::status: return "status";
    case missing_action::remove: return "delete";
    case missing_action::report: break;
    }
    return "report";
}

bool acts_on_clients(const missing_settings& job) {
    return job.action == missing_action::status || job.action == missing_action::remove;
}

// One wrong file must not delete or mark a whole account (tests/process/missing_test.py).
std::string objection(const settings& job, const survey& found, std::uint64_t newly, journal& j) {
    if (found.rows_without_key > 0) {
        return fmt::format("{} no key that can be read, so nobody can say whose they are; nobody was touched",
                           found.rows_without_key == 1 ? "1 row has" : grouped(found.rows_without_key) + " rows have");
    }
    const std::uint64_t before = j.last_full_records().value_or(0);
    // Without a full run before, `before` is 0 and any missing key is too many.
    if (static_cast<double>(newly) > job.missing.max_share * static_cast<double>(before)) {
        return fmt::format("more than [missing] max_missing = \"{:g}%\" of the last full run's {}, as if the file was "
                           "cut off; nobody was touched. If it is whole, say --max-missing 100% for one run",
                           job.missing.max_share * 100, counted(before, "row"));
    }
    return {};
}

}  // namespace

std::uint64_t missing_keys::requests(const missing_settings& job) const {
    if (!objection.empty() || !acts_on_clients(job)) {
        return 0;
    }
    // A client's status is read before another is given to it.
    return newly.size() * (job.action == missing_action::status ? 2 : 1);
}

missing_keys find_missing_keys(const settings& job, const survey& found, journal& j) {
    missing_keys keys;
    const std::set<fingerprint> missing(found.missing.begin(), found.missing.end());
    std::set<fingerprint> absent;
    j.each_absent([&](const fingerprint& key) { absent.insert(key); });
    for (const fingerprint& key : absent) {
        if (!missing.contains(key)) {
            keys.returned.push_back(key);
        }
    }
    // A client that was made since the last full run was not in it, and cannot be missed.
    const std::int64_t last_full_run = j.last_full_run();
    for (const fingerprint& key : missing) {
        if (absent.contains(key)) {
            continue;
        }
        const std::optional<run_client> client = j.client_of(key);
        (client && client->created_run > last_full_run ? keys.unseen : keys.newly).push_back(key);
    }
    if (acts_on_clients(job.missing) && !keys.newly.empty()) {
        keys.objection = objection(job, found, keys.newly.size(), j);
    } else if (found.rows_without_key > 0) {
        keys.newly.clear();  // nobody can say whose these rows are
    }
    return keys;
}

missing_summary summary_of(const missing_keys& missing, const missing_settings& job, journal& j) {
    missing_summary summary;
    if (job.action == missing_action::ignore) {
        return summary;
    }
    summary.action = name_of(job.action);
    summary.count = missing.newly.size();
    for (std::size_t i = 0; i < missing.newly.size() && i < max_named; ++i) {
        if (const auto client = j.client_of(missing.newly[i])) {
            summary.keys.push_back(client->key);
        }
    }
    summary.note = missing.objection;
    summary.refused = !missing.objection.empty();
    return summary;
}

}  // namespace baseload
