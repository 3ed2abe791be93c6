#pragma once

#include "caller.hpp"
#include "client_reader.hpp"

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

// Makes a call that changes an existing client. What the service answers for one that is gone
// is documented nowhere (API.md): after a no, the account is asked whether it has it.
[[nodiscard]] boost::asio::awaitable<change_result> change_client(caller& line, api_call call,
                                                                  std::int64_t crm_client_id);

}  // namespace baseload
