#pragma once

#include "baseload/api/transport.hpp"
#include "sandbox/request_form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace baseload::test {

using exchange_result = result<http_answer, no_answer>;

inline exchange_result answer(boost::json::object body, std::string date = {}) {
    return http_answer{.status = 200, .body = boost::json::serialize(body), .date = std::move(date), .location = {}};
}
inline exchange_result success(boost::json::object body = {}) {
    body["status"] = "SUCCESS";
    return answer(std::move(body));
}
inline exchange_result created(std::int64_t id) {
    return success({{"crm_client_id", id}});
}
inline exchange_result error(const std::string& code, const std::string& message, std::string date = {}) {
    return answer({{"status", "ERROR"}, {"error_code", code}, {"error_message", message}}, std::move(date));
}
inline exchange_result lost(bool sent = true) {
    return tl::unexpected(no_answer{sent, "the connection was cut"});
}

// The service's side of a test: what it was asked, and a script that answers. No socket: its transports call the
// script.
class scripted_service {
public:
    struct request {
        std::string method;
        boost::json::object parameters;
        std::string token;
    };

    std::function<exchange_result(const request&)> script;
    std::deque<std::string> connect_failures;  // of the next attempts to connect
    std::vector<request> requests;
    unsigned closed = 0;  // connections that were given up

    [[nodiscard]] std::unique_ptr<transport> new_transport() { return std::make_unique<way>(*this); }

    // How often the method was asked for.
    [[nodiscard]] std::size_t count(const std::string& method) const {
        std::size_t times = 0;
        for (const request& r : requests) {
            times += r.method == method ? 1 : 0;
        }
        return times;
    }

private:
    class way final : public transport {
    public:
        explicit way(scripted_service& service) : service_(service) {}

        bool is_open() const override { return is_open_; }
        boost::asio::awaitable<result<void>> ensure_open() override {
            if (service_.connect_failures.empty()) {
                is_open_ = true;
                co_return result<void>{};
            }
            std::string why = std::move(service_.connect_failures.front());
            service_.connect_failures.pop_front();
            co_return failure(std::move(why));
        }

        boost::asio::awaitable<exchange_result> post(const std::string& token, const std::string& form) override {
            const auto decoded = sandbox::parse_form(form).value();
            const boost::json::value parameters = boost::json::parse(decoded.parameters);
            service_.requests.push_back(
                {decoded.method, parameters.is_object() ? parameters.as_object() : boost::json::object{}, token});
            exchange_result answered = service_.script(service_.requests.back());
            is_open_ = answered.has_value();
            co_return answered;
        }

        void close() override {
            is_open_ = false;
            ++service_.closed;
        }

    private:
        scripted_service& service_;
        bool is_open_ = false;
    };
};

}  // namespace baseload::test
