#include "answer_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace baseload {

namespace http = boost::beast::http;

namespace {

// A page of getCrmClients has a hundred clients (documented), of a few KiB each.
constexpr std::uint64_t max_body = 4ULL * 1024 * 1024;
constexpr std::uint32_t max_header = 64 * 1024;

}  // namespace

class answer_parser::implementation {
public:
    implementation() { begin(); }

    void begin() {
        parser.emplace();
        parser->body_limit(max_body);
        parser->header_limit(max_header);
        // Takes the body together with the head, and not only after a second call (Boost.Beast, basic_parser::eager).
        parser->eager(true);
    }

    // Done, with what only announces the answer. 101 is none: nobody asked for another protocol.
    [[nodiscard]] bool is_interim() const {
        const unsigned status = parser->is_done() ? parser->get().result_int() : 0;
        return status >= 100 && status < 200 && status != 101;
    }

    std::optional<http::response_parser<http::string_body>> parser;
    std::string pending;  // what the parser could not use yet: the beginning of a head, mostly
};

answer_parser::answer_parser() : implementation_(std::make_unique<implementation>()) {}
answer_parser::~answer_parser() = default;

boost::system::error_code answer_parser::put(std::string_view bytes) {
    auto& [parser, pending] = *implementation_;
    pending.append(bytes);
    std::size_t used = 0;
    // Behind the answer's end nothing more is parsed: what is left makes has_more() true.
    while (used < pending.size() && !parser->is_done()) {
        boost::system::error_code error;
        const std::size_t now =
            parser->put(boost::asio::const_buffer(pending.data() + used, pending.size() - used), error);
        used += now;
        // A parser is for one message: the answer itself needs a new one.
        if (implementation_->is_interim()) {
            implementation_->begin();
            continue;
        }
        // A head that has not ended is kept in `pending`, since Beast parses a head as a whole.
        if (error == http::error::need_more) {
            break;
        }
        if (error) {
            return error;
        }
        // Without this a parser that takes nothing and says nothing would loop for ever.
        if (now == 0) {
            break;
        }
    }
    pending.erase(0, used);
    return {};
}

boost::system::error_code answer_parser::put_end() {
    boost::system::error_code error;
    // A connection that was closed before any answer, unlike one that was cut off in the middle.
    if (!implementation_->parser->got_some()) {
        return http::error::end_of_stream;
    }
    // An answer without a length ends with its stream (RFC 9112, 6.3); one with a length is an error here.
    implementation_->parser->put_eof(error);
    return error;
}

bool answer_parser::is_done() const {
    return implementation_->parser->is_done();
}

bool answer_parser::has_more() const {
    return !implementation_->pending.empty();
}

bool answer_parser::keeps_alive() const {
    return implementation_->parser->get().keep_alive();
}

http_answer answer_parser::release() {
    auto response = implementation_->parser->release();
    http_answer answer;
    answer.status = response.result_int();
    answer.date = std::string(response[http::field::date]);
    answer.location = std::string(response[http::field::location]);
    answer.retry_after = std::string(response[http::field::retry_after]);
    answer.body = std::move(response.body());
    return answer;
}

}  // namespace baseload
