#include "client_change.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

boost::asio::awaitable<change_result> change_client(caller& line, api_call call, std::int64_t crm_client_id) {
    const call_outcome came = co_await line.make(std::move(call), {});
    switch (came.how) {
    case call_outcome::ending::accepted: co_return change_result{change_result::kind::done, {}};
    case call_outcome::ending::refused: {
        const auto there = co_await client_reader(line).find(crm_client_id);
        const bool is_gone = there && !there->has_value();
        co_return change_result{is_gone ? change_result::kind::gone : change_result::kind::refused,
                                fmt::format("{}: {}", came.answer.code, came.answer.message)};
    }
    default: co_return change_result{change_result::kind::not_made, came.why};
    }
}

}  // namespace baseload
