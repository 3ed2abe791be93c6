#include "baseload/session/call_each.hpp"

#include <algorithm>

namespace baseload {

namespace asio = boost::asio;

namespace {

using numbered_work = std::function<asio::awaitable<void>(api_caller&, std::size_t)>;

// What the workers share.
struct pool {
    account_session& account;
    std::size_t count;
    const numbered_work& work;
    std::size_t next = 0;
    unsigned running = 0;
};

asio::awaitable<void> serve(pool& shared) {
    api_caller api = shared.account.new_caller();
    while (shared.next < shared.count && !shared.account.stop().requested()) {
        const std::size_t mine = shared.next++;
        co_await shared.work(api, mine);
    }
    if (--shared.running == 0) {
        shared.account.io().stop();  // the signals are still waited for
    }
}

}  // namespace

void call_each(account_session& account, unsigned connections, std::size_t count, const numbered_work& work) {
    if (count == 0) {
        return;
    }
    pool shared{account, count, work};
    shared.running = static_cast<unsigned>(std::min<std::size_t>(connections, count));
    for (unsigned i = shared.running; i > 0; --i) {
        account.spawn(serve(shared));
    }
    account.io().restart();
    account.io().run();
}

}  // namespace baseload
