#include "baseload/session/group_commit.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// Counted from the first change of a group; a request takes many times as long.
constexpr std::chrono::milliseconds gathering{10};

constexpr std::chrono::milliseconds between_looks{1};

// Three quarters, and at least one: the rest are on their way to the service and back meanwhile.
std::size_t most_of(std::size_t writers) {
    return std::max<std::size_t>(1, writers - writers / 4);
}

}  // namespace

group_commit::group& group_commit::open_group() {
    if (!open_) {
        // Shared, since those who wait hold it longer than `open_` does: begin_commit begins a new group first.
        open_ = std::make_shared<group>();
        open_->done = clock_.new_timer();
        due_->call_after(gathering, [this] { begin_commit(); });
    }
    return *open_;
}

boost::asio::awaitable<void> group_commit::durable() {
    open_group();
    // Held to the end of the wait: the timer that is waited on lives in it.
    const std::shared_ptr<group> mine = open_;
    if (++mine->waiting == most_of(writers_)) {
        // Replaces the timer of ten milliseconds. Called by the loop and not from here, so that this coroutine waits
        // before it is woken.
        due_->call_after(std::chrono::milliseconds(0), [this] { begin_commit(); });
    }
    co_await mine->done->wait_until_cancelled();
}

void group_commit::when_durable(std::function<void()> callback) {
    open_group().callbacks.push_back(std::move(callback));
}

// commit() returns when all is durable, also what an engine behind a network has still under way (journal.hpp).
void group_commit::flush() {
    begin_commit();
    journal_.commit();
}

void group_commit::begin_commit() {
    // Before the commit: what a callback writes belongs to the next group.
    const std::shared_ptr<group> finished = std::exchange(open_, nullptr);
    journal_.commit_then([finished] {
        if (finished) {
            for (const auto& callback : finished->callbacks) {
                // Callbacks first, then those who wait: a row is counted before its sender takes the next one.
                callback();
            }
            finished->done->cancel();
        }
    });
    watch();
}

// Until an engine behind a network has answered; meanwhile requests go out and come back.
void group_commit::watch() {
    if (!journal_.is_committed()) {
        watch_->call_after(between_looks, [this] { watch(); });
    }
}

}  // namespace baseload
