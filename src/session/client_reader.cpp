#include "baseload/session/client_reader.hpp"

#include "baseload/api/crm_clients.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

asio::awaitable<result<std::vector<listed_client>>> client_reader::list(std::optional<client_search> search,
                                                                        unsigned page) {
    const result<std::string> body = co_await api_.read(list_clients(search, page));
    if (!body) {
        co_return failure(body.error());
    }
    co_return read_client_list(*body);
}

asio::awaitable<result<void>> client_reader::each_page(std::function<bool(const std::vector<listed_client>&)> take) {
    // The size of a page is not relied on (src/api/README.md, "Others"), so only `take` can tell the end.
    for (unsigned page = 1;; ++page) {
        const auto listed = co_await list(std::nullopt, page);
        if (!listed) {
            co_return failure(
                fmt::format("the account's clients could not be read ({}); run it again", listed.error().problem));
        }
        if (!take(*listed)) {
            co_return result<void>{};
        }
    }
}

asio::awaitable<result<std::optional<listed_client>>> client_reader::find(std::int64_t crm_client_id) {
    const result<std::string> body = co_await api_.read(list_client(crm_client_id));
    if (!body) {
        co_return failure(body.error());
    }
    auto clients = read_client_list(*body);
    if (!clients) {
        co_return failure(std::move(clients.error()));
    }
    // The filter is documented as exact. Where it is not, or is ignored, another client must not be taken for this one.
    for (listed_client& client : *clients) {
        if (client.crm_client_id == crm_client_id) {
            co_return std::optional(std::move(client));
        }
    }
    co_return std::optional<listed_client>{};
}

asio::awaitable<result<bool>> client_reader::is_gone(std::int64_t crm_client_id) {
    const auto there = co_await find(crm_client_id);
    if (!there) {
        co_return failure(there.error());
    }
    co_return !there->has_value();
}

asio::awaitable<result<listed_client>> client_reader::data(std::int64_t crm_client_id) {
    const result<std::string> body = co_await api_.read(client_data(crm_client_id));
    if (!body) {
        co_return failure(body.error());
    }
    co_return read_client_data(*body, crm_client_id);
}

}  // namespace baseload
