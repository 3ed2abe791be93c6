#include "group_commit.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds gathering{2};

}  // namespace

group_commit::group& group_commit::open_group() {
    if (!open_) {
        open_ = std::make_shared<group>(executor_);
        due_.expires_after(gathering);
        due_.async_wait([this](const boost::system::error_code& cancelled) {
            if (!cancelled) {
                flush();
            }
        });
    }
    return *open_;
}

asio::awaitable<void> group_commit::durable() {
    open_group();
    const std::shared_ptr<group> mine = open_;
    static_cast<void>(co_await mine->done.async_wait(asio::as_tuple(asio::use_awaitable)));
}

void group_commit::when_durable(std::function<void()> callback) {
    open_group().callbacks.push_back(std::move(callback));
}

void group_commit::flush() {
    const std::shared_ptr<group> finished = std::exchange(open_, nullptr);
    journal_.commit();
    if (finished) {
        for (const auto& callback : finished->callbacks) {
            callback();
        }
        finished->done.cancel();
    }
}

}  // namespace baseload
