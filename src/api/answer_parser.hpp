#pragma once

#include "baseload/api/answer.hpp"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <string>

namespace baseload {

// Reads an HTTP answer within bounds, whatever a server says.
class answer_parser {
public:
    using type = boost::beast::http::response_parser<boost::beast::http::string_body>;

    answer_parser() {
        parser_.body_limit(largest_body);
        parser_.header_limit(largest_header);
    }

    [[nodiscard]] type& get() { return parser_; }

    // Precondition: the parser is done.
    [[nodiscard]] bool keeps_alive() const { return parser_.get().keep_alive(); }
    [[nodiscard]] http_answer release() {
        auto response = parser_.release();
        http_answer answer;
        answer.status = response.result_int();
        answer.date = std::string(response[boost::beast::http::field::date]);
        answer.location = std::string(response[boost::beast::http::field::location]);
        answer.body = std::move(response.body());
        return answer;
    }

private:
    static constexpr std::uint64_t largest_body = 4ULL * 1024 * 1024;
    static constexpr std::uint32_t largest_header = 64 * 1024;

    type parser_;
};

}  // namespace baseload
