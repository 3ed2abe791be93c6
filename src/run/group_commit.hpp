#pragma once

#include "baseload/journal/journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace baseload {

// Makes the journal's changes durable in groups: a commit takes along all that was written
// in the two milliseconds since the first change that waits for it, which is nothing beside
// a request's way and saves most of the waiting for the disk. A commit that fails throws out
// of the I/O loop, which ends the run. Lives on the I/O thread.
class group_commit {
public:
    group_commit(const boost::asio::any_io_executor& executor, journal& j)
        : executor_(executor), journal_(j), due_(executor) {}

    // Returns when all that was written to the journal before the call is on disk.
    [[nodiscard]] boost::asio::awaitable<void> durable();

    // Calls back when it is.
    void when_durable(std::function<void()> callback);

    // Commits what is left, now.
    void flush();

private:
    struct group {
        explicit group(const boost::asio::any_io_executor& executor)
            : done(executor, boost::asio::steady_timer::time_point::max()) {}

        boost::asio::steady_timer done;  // cancelled when the group is on disk
        std::vector<std::function<void()>> callbacks;
    };

    group& open_group();

    boost::asio::any_io_executor executor_;
    journal& journal_;
    boost::asio::steady_timer due_;
    std::shared_ptr<group> open_;  // null when nothing waits for a commit
};

}  // namespace baseload
