#pragma once

#include "ask.hpp"
#include "baseload/core/listing.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// Asks the account for clients, over a caller's connection, which outlives it.
class client_reader {
public:
    explicit client_reader(caller& line) : line_(line) {}

    // One page of those that match, or of all.
    [[nodiscard]] boost::asio::awaitable<read_result<std::vector<listed_client>>>
    list(std::optional<client_search> search, unsigned page);

    // Nothing when the account does not have it.
    [[nodiscard]] boost::asio::awaitable<read_result<std::optional<listed_client>>> find(std::int64_t crm_client_id);

    // With its notes and extra fields. Precondition: the account has it.
    [[nodiscard]] boost::asio::awaitable<read_result<listed_client>> data(std::int64_t crm_client_id);

private:
    caller& line_;
};

}  // namespace baseload
