#include "ask.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

boost::asio::awaitable<read_result<std::string>> ask(caller& line, api_call call) {
    call_outcome outcome = co_await line.make(std::move(call), {});
    switch (outcome.how) {
    case call_outcome::ending::accepted: co_return std::move(outcome.body);
    case call_outcome::ending::refused:
        co_return tl::unexpected(
            fmt::format("the service refused: {}: {}", outcome.answer.code, outcome.answer.message));
    default: co_return tl::unexpected(outcome.why.empty() ? std::string("the run is being stopped") : outcome.why);
    }
}

}  // namespace baseload
