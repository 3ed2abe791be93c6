#pragma once

#include "baseload/core/listing.hpp"
#include "baseload/core/result.hpp"
#include "baseload/session/api_caller.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// Asks the account for clients, over a caller's connection, which outlives it.
class client_reader {
public:
    explicit client_reader(api_caller& api) : api_(api) {}

    // One page of those that match, or of all.
    [[nodiscard]] boost::asio::awaitable<result<std::vector<listed_client>>> list(std::optional<client_search> search,
                                                                                  unsigned page);

    // All clients, page after page, until `take` says that a page brought nothing new: pages may have any size.
    [[nodiscard]] boost::asio::awaitable<result<void>>
    each_page(std::function<bool(const std::vector<listed_client>&)> take);

    // No client when the account does not have it.
    [[nodiscard]] boost::asio::awaitable<result<std::optional<listed_client>>> find(std::int64_t crm_client_id);

    // Whether the account does not have it any more. What the service answers to a change of such a client is
    // documented nowhere (src/api/README.md), so it is asked after a change was refused.
    [[nodiscard]] boost::asio::awaitable<result<bool>> is_gone(std::int64_t crm_client_id);

    // With its notes and extra fields. Precondition: the account has it.
    [[nodiscard]] boost::asio::awaitable<result<listed_client>> data(std::int64_t crm_client_id);

private:
    api_caller& api_;
};

}  // namespace baseload
