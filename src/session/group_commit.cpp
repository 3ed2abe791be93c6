#include "baseload/session/group_commit.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

constexpr std::chrono::milliseconds gathering{10};

// The rest are on their way to the service and back meanwhile.
std::size_t most_of(std::size_t writers) {
    return std::max<std::size_t>(1, writers - writers / 4);
}

}  // namespace

group_commit::group& group_commit::open_group() {
    if (!open_) {
        open_ = std::make_shared<group>();
        open_->done = clock_.new_timer();
        due_->call_after(gathering, [this] { begin_commit(); });
    }
    return *open_;
}

boost::asio::awaitable<void> group_commit::durable() {
    open_group();
    const std::shared_ptr<group> mine = open_;
    if (++mine->waiting == most_of(writers_)) {
        due_->call_after(std::chrono::milliseconds(0), [this] { begin_commit(); });
    }
    co_await mine->done->wait_until_cancelled();
}

void group_commit::when_durable(std::function<void()> callback) {
    open_group().callbacks.push_back(std::move(callback));
}

void group_commit::flush() {
    begin_commit();
    journal_.commit();
}

void group_commit::begin_commit() {
    const std::shared_ptr<group> finished = std::exchange(open_, nullptr);
    journal_.commit_then([finished] {
        if (finished) {
            for (const auto& callback : finished->callbacks) {
                callback();
            }
            finished->done->cancel();
        }
    });
}

}  // namespace baseload
