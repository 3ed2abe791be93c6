#pragma once

#include "creates_under_way.hpp"
#include "doubt_resolver.hpp"
#include "import_parts.hpp"
#include "outcome_recorder.hpp"
#include "row_planner.hpp"
#include "row_sender.hpp"
#include "summary_builder.hpp"
#include "work_item.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace baseload {

// The second pass: one coroutine reads the source and feeds a bounded channel, one for each
// connection takes from it, sends and records, and one settles doubts. Each row ends in
// exactly one outcome; a created or updated one counts when its answer is on disk.
struct row_limits {
    std::uint64_t max_rejections;  // more stop the run
    std::uint64_t limit_rows;      // creates and updates; the rows behind them are left to another run
};

class importer {
public:
    importer(const import_parts& parts, const row_limits& limits, summary_builder& summary);

    // Returns when every row has its outcome, or a stop was requested and nothing is under way.
    // Throws when the journal fails.
    void run();

    // After run() threw: see outcome_recorder.
    void settle_unanswered() { recorder_.settle_unanswered(); }

private:
    // An item, or (one for each worker) null for "no more": closing a channel of
    // Boost 1.81 drops what it still holds.
    using channel = boost::asio::experimental::channel<void(boost::system::error_code, std::unique_ptr<work_item>)>;

    boost::asio::awaitable<void> feed(unsigned workers);
    boost::asio::awaitable<void> feed_rows();
    boost::asio::awaitable<void> feed_kept_rows();
    void look_ahead(std::size_t index);
    boost::asio::awaitable<void> feed_row(const record& row, row_need need);
    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> settle_doubts();
    boost::asio::awaitable<void> tick();
    void finished();
    [[nodiscard]] progress measure();
    [[nodiscard]] std::chrono::milliseconds time_for(const progress& p, std::chrono::milliseconds wait) const;

    boost::asio::io_context& io_;
    import_parts parts_;
    std::shared_ptr<const line_places> places_;
    stop_signal& stop_;
    summary_builder& summary_;
    std::uint64_t planned_requests_;
    outcome_recorder recorder_;
    creates_under_way under_way_;
    row_planner planner_;
    doubt_resolver resolver_;
    row_sender sender_;
    channel queue_;
    boost::asio::steady_timer ticker_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::uint64_t items_done_ = 0;
    unsigned running_ = 0;  // the feeder and the workers
};

}  // namespace baseload
