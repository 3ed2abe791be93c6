#include "baseload/session/account_session.hpp"

#include "baseload/api/state_folder.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/termination.hpp"
#include "baseload/core/text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace baseload {
namespace {

namespace asio = boost::asio;

// Until it is given up, a request connects, greets, is exchanged, and waits for the disk.
request_limit::request_times times_of(const account_settings& account) {
    return {.until_given_up = 2 * account.timeout + std::chrono::seconds(10), .settling = account.settling_time};
}

// Blank where this machine has no place for it.
std::filesystem::path witness_file(const account_settings& account) {
    try {
        return account_state_file(account_identity(account), account.state_folder);
    } catch (const command_error&) {
        return {};
    }
}

account_state open_state(const account_settings& account) {
    if (!account.limit_url.empty()) {
        return {account_database{.url = account.limit_url, .account = account_identity(account)}, witness_file(account),
                account.requests_per_minute, times_of(account)};
    }
    return {account_state_file(account_identity(account), account.state_folder), account.requests_per_minute,
            times_of(account), !account.state_folder.empty()};
}

}  // namespace

std::string account_identity(const account_settings& account) {
    return fmt::format("{}:{}{}|{}", ascii_lower(account.api.host), account.api.port, account.api.target, account.name);
}

account_session::account_session(const settings& job, token secret)
    : secret_(std::move(secret)), way_(job.account.api, job.account.timeout, job.account.ca_file),
      state_(open_state(job.account)), policy_(job.account.give_up_after), signals_(io_), deadline_(io_),
      pace_(state_, job.account.requests_per_minute, job.account.timeout, clock_, stop_),
      health_(job.account.stop_after_failures, clock_.now()) {
    watch_signals();
}

void account_session::watch_signals() {
    watch_termination();
    // A copy of the descriptor: the original belongs to the process, and closing this one leaves it open.
    signals_.assign(::dup(termination_descriptor()));
    signals_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& cancelled) {
        if (!cancelled) {
            stop_.request(exit_code::stopped,
                          fmt::format("{} asked for it; a rerun goes on from here", termination_signal()));
        }
    });
}

api_caller account_session::new_caller() {
    return {std::make_unique<connection>(io_.get_executor(), way_),
            {.secret = secret_, .policy = policy_, .pace = pace_, .health = health_, .stop = stop_, .clock = clock_}};
}

void account_session::spawn(asio::awaitable<void> coroutine) {
    // Not `detached`, which would drop an exception without a word.
    asio::co_spawn(io_, std::move(coroutine), [](const std::exception_ptr& thrown) {
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
}

void account_session::run(asio::awaitable<void> coroutine) {
    asio::co_spawn(io_, std::move(coroutine), [this](const std::exception_ptr& thrown) {
        io_.stop();  // the signals are still waited for
        if (thrown) {
            std::rethrow_exception(thrown);
        }
    });
    io_.restart();
    io_.run();
    io_.restart();  // stopped, it would hear of no signal while the source is read
}

// For loops that block the thread, such as the first pass: signals are heard only while the event loop runs.
bool account_session::keep_going() {
    io_.poll();
    return !stop_.requested();
}

void account_session::throw_if_stopped() const {
    if (stop_.requested()) {
        throw command_error(stop_.code(), stop_.reason());
    }
}

void account_session::stop_after(std::chrono::milliseconds runtime) {
    deadline_.expires_after(runtime);
    deadline_.async_wait([this, runtime](const boost::system::error_code& cancelled) {
        if (!cancelled) {
            stop_.request(exit_code::stopped,
                          fmt::format("--max-runtime {} is over; a rerun goes on from here", show_duration(runtime)));
        }
    });
}

}  // namespace baseload
