#include "baseload/core/termination.hpp"

#include "baseload/core/command_error.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace baseload {
namespace {

// The first of them. Read by all threads; a handler may write what is free of locks ([support.signal]).
std::atomic<int> received = 0;
static_assert(std::atomic<int>::is_always_lock_free);
// A pipe, since a handler may do almost nothing: poll() and Asio wake by it. It is open until the process ends.
std::array<int, 2> wake = {-1, -1};

// Only what POSIX calls async-signal-safe: write() and _exit(). The interrupted code may be about to read errno.
void note(int signal) {
    const int error = errno;
    if (received != 0) {
        ::_exit(static_cast<int>(exit_code::stopped));
    }
    received = signal;
    const char byte = 0;
    // Nobody has read the earlier bytes if the pipe is full, so whoever waits is awake already.
    static_cast<void>(!::write(wake[1], &byte, 1));
    errno = error;
}

}  // namespace

void watch_termination() {
    // Each account_session asks for it, and signals are the whole process's.
    if (wake[0] >= 0) {
        return;
    }
    // Not blocking, or a handler could hang in write().
    if (::pipe2(wake.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
        throw command_error(exit_code::stopped,
                            fmt::format("no pipe for signals ({}); close some files", std::strerror(errno)));
    }
    struct sigaction action {};
    action.sa_handler = note;  // without SA_RESTART: a blocked read returns
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        // nohup has SIGHUP ignored, and means it.
        struct sigaction before {};
        ::sigaction(signal, nullptr, &before);
        if (before.sa_handler != SIG_IGN) {
            ::sigaction(signal, &action, nullptr);
        }
    }
}

bool is_termination_requested() {
    // It never goes back to false: the first signal is what ends the command.
    return received != 0;
}

void throw_if_termination_requested() {
    if (is_termination_requested()) {
        throw command_error(exit_code::stopped, fmt::format("{} asked for it; nothing was sent", termination_signal()));
    }
}

// Precondition: one has come.
std::string_view termination_signal() {
    return received == SIGINT ? "SIGINT" : received == SIGHUP ? "SIGHUP" : "SIGTERM";
}

int termination_descriptor() {
    return wake[0];
}

}  // namespace baseload
