#pragma once

#include "baseload/session/api_caller.hpp"
#include "baseload/session/client_reader.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace baseload {

// What came of a change to one client outside of an import.
struct change_result {
    enum class kind {
        done,
        gone,     // the account does not have the client any more
        refused,  // the service's no
        not_made  // a stop came first, or it went unanswered again and again
    };
    kind what = kind::not_made;
    std::string why;
};

// Makes a call that changes an existing client; after a refusal the account is asked whether it still has it.
[[nodiscard]] boost::asio::awaitable<change_result> change_client(api_caller& api, api_call call,
                                                                  std::int64_t crm_client_id);

}  // namespace baseload
