#include "baseload/session/client_change.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

// Without hooks: no intent is needed, since a change that is sent twice has the same effect.
boost::asio::awaitable<change_result> change_client(api_caller& api, api_call call, std::int64_t crm_client_id) {
    const create_hooks none;
    const call_outcome outcome = co_await api.make(call, none);
    switch (outcome.how) {
    case call_outcome::ending::accepted: co_return change_result{change_result::kind::done, {}};
    case call_outcome::ending::refused: {
        const result<bool> is_gone = co_await client_reader(api).is_gone(crm_client_id);
        // An account that cannot be asked counts as "not gone": no client is taken for deleted unseen.
        co_return change_result{is_gone.value_or(false) ? change_result::kind::gone : change_result::kind::refused,
                                fmt::format("{}: {}", outcome.answer.code, outcome.answer.message)};
    }
    default: co_return change_result{change_result::kind::not_made, outcome.why};
    }
}

}  // namespace baseload
