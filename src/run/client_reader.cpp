#include "client_reader.hpp"

#include "baseload/api/crm_clients.hpp"

#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

constexpr const char* unreadable = "the service's answer lists no clients";

}  // namespace

asio::awaitable<read_result<std::vector<listed_client>>> client_reader::list(std::optional<client_search> search,
                                                                             unsigned page) {
    const read_result<std::string> body = co_await ask(line_, list_clients(search, page));
    if (!body) {
        co_return tl::unexpected(body.error());
    }
    auto clients = read_client_list(*body);
    if (!clients) {
        co_return tl::unexpected(std::string(unreadable));
    }
    co_return std::move(*clients);
}

asio::awaitable<read_result<std::optional<listed_client>>> client_reader::find(std::int64_t crm_client_id) {
    const read_result<std::string> body = co_await ask(line_, list_client(crm_client_id));
    if (!body) {
        co_return tl::unexpected(body.error());
    }
    auto clients = read_client_list(*body);
    if (!clients) {
        co_return tl::unexpected(std::string(unreadable));
    }
    for (listed_client& client : *clients) {
        if (client.crm_client_id == crm_client_id) {
            co_return std::optional(std::move(client));
        }
    }
    co_return std::optional<listed_client>{};
}

asio::awaitable<read_result<listed_client>> client_reader::data(std::int64_t crm_client_id) {
    const read_result<std::string> body = co_await ask(line_, client_data(crm_client_id));
    if (!body) {
        co_return tl::unexpected(body.error());
    }
    auto client = read_client_data(*body, crm_client_id);
    if (!client) {
        co_return tl::unexpected(std::string("the service's answer shows no client"));
    }
    co_return std::move(*client);
}

}  // namespace baseload
