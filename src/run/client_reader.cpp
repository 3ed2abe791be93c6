#include "client_reader.hpp"

#include "baseload/api/crm_clients.hpp"

#include <fmt/format.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

constexpr const char* unreadable = "the service's answer lists no clients";

}  // namespace

asio::awaitable<read_result<std::string>> client_reader::ask(api_call call) {
    call_outcome outcome = co_await line_.make(std::move(call), {});
    switch (outcome.how) {
    case call_outcome::ending::accepted: co_return std::move(outcome.body);
    case call_outcome::ending::refused:
        co_return tl::unexpected(
            fmt::format("the service refused: {}: {}", outcome.answer.code, outcome.answer.message));
    default: co_return tl::unexpected(outcome.why.empty() ? std::string("the run is being stopped") : outcome.why);
    }
}

asio::awaitable<read_result<std::vector<listed_client>>> client_reader::list(std::optional<client_search> search,
                                                                             unsigned page) {
    const read_result<std::string> body = co_await ask(list_clients(search, page));
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
    const read_result<std::string> body = co_await ask(list_client(crm_client_id));
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
    const read_result<std::string> body = co_await ask(client_data(crm_client_id));
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
