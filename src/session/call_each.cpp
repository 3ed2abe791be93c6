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
    // One connection a worker, and one request at a time on it.
    api_caller api = shared.account.new_caller();
    while (shared.next < shared.count && !shared.account.stop().requested()) {
        // No lock: all workers run on the one I/O thread, and nothing is awaited between the test and this.
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
    // Lives in this frame: run() below returns only when the last worker is done, or throws, and then the session ends.
    pool shared{account, count, work};
    // Set before the first worker runs: one that is done at once must not take itself for the last.
    shared.running = static_cast<unsigned>(std::min<std::size_t>(connections, count));
    for (unsigned i = shared.running; i > 0; --i) {
        account.spawn(serve(shared));
    }
    // A loop that was stopped before runs nothing until it is restarted (Boost.Asio, io_context::restart).
    account.io().restart();
    account.io().run();
}

}  // namespace baseload
