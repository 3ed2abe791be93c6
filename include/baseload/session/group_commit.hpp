#pragma once

#include "baseload/journal/journal.hpp"
#include "baseload/session/session_clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <vector>

namespace baseload {

// Makes the journal's changes durable in groups: a commit takes along all that was written in the ten milliseconds
// since the first change that waits for it, which is nothing beside a request's way and saves most of the waiting for
// the disk. It comes sooner when most of those who write wait for it. A commit that fails throws out of the I/O loop,
// which ends the run. Lives on the I/O thread.
class group_commit {
public:
    group_commit(session_clock& clock, journal& j)
        : clock_(clock), journal_(j), due_(clock.new_timer()), watch_(clock.new_timer()) {}

    // How many coroutines write and wait; until it is said, each group takes its ten milliseconds.
    void expect(std::size_t writers) { writers_ = writers; }

    // Returns when all that was written to the journal before the call is on disk.
    [[nodiscard]] boost::asio::awaitable<void> durable();

    // Calls back when it is.
    void when_durable(std::function<void()> callback);

    // Commits what is left, now.
    void flush();

private:
    struct group {
        std::unique_ptr<session_timer> done;  // cancelled when the group is on disk
        std::vector<std::function<void()>> callbacks;
        std::size_t waiting = 0;  // for done
    };

    group& open_group();
    void begin_commit();
    void watch();

    session_clock& clock_;
    journal& journal_;
    std::unique_ptr<session_timer> due_;
    std::unique_ptr<session_timer> watch_;
    std::size_t writers_ = std::numeric_limits<std::size_t>::max();
    std::shared_ptr<group> open_;  // null when nothing waits for a commit
};

}  // namespace baseload
