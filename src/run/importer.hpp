#pragma once

#include "baseload/config/token.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/run/import_run.hpp"
#include "baseload/run/survey.hpp"
#include "caller.hpp"
#include "group_commit.hpp"
#include "work_item.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>

#include <map>
#include <optional>
#include <string>

namespace baseload {

// The second pass: one coroutine reads the source and feeds a bounded channel, one for each
// connection takes from it, sends and records. Each row ends in exactly one outcome; a
// created or updated one counts when its answer is on disk.
class importer {
public:
    importer(boost::asio::io_context& io, const settings& job, const run_options& options, const token& secret,
             const connector& way, account_state& account, const mapper& map, journal& known, stop_request& stop, run_observer& observer,
             run_summary& summary);

    // Returns when every row has its outcome. Throws what a coroutine threw.
    void run(const csv_source& source, const survey& found);

    // After run() threw: creates whose intent is on disk, and whose answer is not, are in doubt.
    void settle_unanswered();

private:
    // An item, or (one for each worker) word that there are no more: closing a channel of
    // Boost 1.81 drops what it still holds.
    using channel = boost::asio::experimental::channel<void(boost::system::error_code, std::optional<work_item>)>;

    boost::asio::awaitable<void> feed(const csv_source& source, const survey& found, unsigned workers);
    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> tick(const survey& found);

    // Settles a row that needs no request, or says what to send.
    [[nodiscard]] std::optional<work_item> look_at(const record& row, row_need need, const survey& found);
    [[nodiscard]] std::optional<work_item> plan_row(const record& row);
    boost::asio::awaitable<void> send(caller& line, work_item item);
    void settle_created(const work_item& item, const call_outcome& outcome);
    void settle_not_made(const work_item& item);
    void settle_updated(const work_item& item);
    void settle_refused(work_item& item, const call_outcome& outcome);
    void settle_doubtful(const std::string& key, std::uint64_t line, const std::string& why);
    void reject(const record& row, std::vector<fault> faults);
    void spawn(boost::asio::awaitable<void> coroutine);
    void finished();
    [[nodiscard]] progress measure(const survey& found) const;

    boost::asio::io_context& io_;
    const settings& job_;
    run_options options_;
    const token& secret_;
    const mapper& map_;
    journal& journal_;
    stop_request& stop_;
    run_observer& observer_;
    run_summary& summary_;
    const connector& way_;
    retry_policy policy_;
    pacer pace_;
    line_state line_;
    group_commit commits_;
    channel queue_;
    boost::asio::steady_timer ticker_;
    std::string source_name_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::map<std::string, std::uint64_t> intended_;  // creates under way: key and line
    unsigned running_ = 0;  // the feeder and the workers
};

} // namespace baseload
