#include "answer_parser.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string_type.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace baseload {

namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

// A page of getCrmClients has a hundred clients (documented), of a few KiB each.
constexpr std::uint64_t max_body = 4ULL * 1024 * 1024;
constexpr std::uint32_t max_header = 64 * 1024;

// Keeps of an answer what an http_answer has, where Beast's own parser would keep every field of the head.
class answer_reader final : public http::basic_parser<false> {
public:
    answer_reader() {
        body_limit(max_body);
        header_limit(max_header);
        // Takes the body together with the head, and not only after a second call (Boost.Beast, basic_parser::eager).
        eager(true);
    }

    // Done, with what only announces the answer. 101 is none: nobody asked for another protocol.
    [[nodiscard]] bool is_interim() const {
        return is_done() && answer.status >= 100 && answer.status < 200 && answer.status != 101;
    }

    http_answer answer;

private:
    void on_request_impl(http::verb, beast::string_view, beast::string_view, int, error_code&) override {}
    void on_response_impl(int code, beast::string_view, int, error_code&) override {
        answer.status = static_cast<unsigned>(code);
    }
    // Of a field that is there twice the first counts.
    void on_field_impl(http::field name, beast::string_view, beast::string_view value, error_code&) override {
        std::string* kept = name == http::field::date          ? &answer.date
                            : name == http::field::location    ? &answer.location
                            : name == http::field::retry_after ? &answer.retry_after
                                                               : nullptr;
        if (kept != nullptr && kept->empty()) {
            kept->assign(value.data(), value.size());
        }
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
        // An announced length beyond the bound is refused before it comes to this.
        answer.body.reserve(static_cast<std::size_t>(length.value_or(0)));
    }
    std::size_t on_body_impl(beast::string_view piece, error_code&) override {
        answer.body.append(piece.data(), piece.size());
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code& error) override {
        return on_body_impl(piece, error);
    }
    void on_finish_impl(error_code&) override {}
};

}  // namespace

class answer_parser::implementation {
public:
    std::optional<answer_reader> parser{std::in_place};
    std::string pending;  // what the parser could not use yet: the beginning of a head, mostly
};

answer_parser::answer_parser() : implementation_(std::make_unique<implementation>()) {}
answer_parser::~answer_parser() = default;

error_code answer_parser::put(std::string_view bytes) {
    auto& [parser, pending] = *implementation_;
    pending.append(bytes);
    std::size_t used = 0;
    // Behind the answer's end nothing more is parsed: what is left makes has_more() true.
    while (used < pending.size() && !parser->is_done()) {
        error_code error;
        const std::size_t now =
            parser->put(boost::asio::const_buffer(pending.data() + used, pending.size() - used), error);
        used += now;
        // A parser is for one message: the answer itself needs a new one.
        if (parser->is_interim()) {
            parser.emplace();
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

error_code answer_parser::put_end() {
    error_code error;
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
    return implementation_->parser->keep_alive();
}

http_answer answer_parser::release() {
    return std::move(implementation_->parser->answer);
}

}  // namespace baseload
