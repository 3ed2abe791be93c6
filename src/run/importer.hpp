#pragma once

#include "doubt_desk.hpp"
#include "import_parts.hpp"
#include "outcome_book.hpp"
#include "row_sender.hpp"
#include "row_sorter.hpp"
#include "work_item.hpp"

#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace baseload {

// The second pass: one coroutine reads the source and feeds a bounded channel, one for each
// connection takes from it, sends and records, and one settles doubts. Each row ends in
// exactly one outcome; a created or updated one counts when its answer is on disk.
class importer {
public:
    importer(const import_parts& parts, const run_options& options, std::uint64_t most_rejections,
             run_summary& summary);

    // Returns when every row has its outcome, or a stop was requested and nothing is under way.
    // Throws when the journal fails.
    void run();

    // After run() threw: see outcome_book.
    void settle_unanswered() { book_.settle_unanswered(); }

private:
    // An item, or (one for each worker) word that there are no more: closing a channel of
    // Boost 1.81 drops what it still holds.
    using channel = boost::asio::experimental::channel<void(boost::system::error_code, std::optional<work_item>)>;

    boost::asio::awaitable<void> feed(unsigned workers);
    boost::asio::awaitable<void> feed_rows();
    boost::asio::awaitable<void> work();
    boost::asio::awaitable<void> settle_doubts();
    boost::asio::awaitable<void> tick();
    void finished();
    [[nodiscard]] progress measure() const;

    boost::asio::io_context& io_;
    import_parts parts_;
    stop_request& stop_;
    run_summary& summary_;
    std::uint64_t planned_requests_;
    outcome_book book_;
    row_sorter sorter_;
    doubt_desk desk_;
    row_sender sender_;
    channel queue_;
    boost::asio::steady_timer ticker_;
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::uint64_t items_done_ = 0;
    unsigned running_ = 0;  // the feeder and the workers
};

}  // namespace baseload
