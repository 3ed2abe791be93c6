#include "baseload/sandbox/server.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "block_message.hpp"
#include "client_rules.hpp"
#include "fault_plan.hpp"
#include "http_exchange.hpp"
#include "methods.hpp"
#include "request_form.hpp"
#include "store.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <random>

namespace baseload::sandbox {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using asio::ip::tcp;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view path = "/connector.php";
// Complete heads without a body, as RFC 9110, 15.2 has them: a client must read on for the answer itself.
const std::string interim_answers =
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
// No JSON, so that a client which trusts the status alone is found out.
constexpr std::string_view outage_page = "<html><body><h1>Service temporarily unavailable</h1></body></html>";

// An exception of a coroutine leaves io.run() and ends the sandbox: a test must not go on against half a service.
void rethrow(const std::exception_ptr& thrown) {
    if (thrown) {
        std::rethrow_exception(thrown);
    }
}

// What is to be done with one request, once it is judged.
struct reaction {
    mishap fate = mishap::none;
    std::string body;
    unsigned status = 200;
};

class server {
public:
    server(asio::io_context& io, const options& o)
        : io_(io), options_(o), store_(o.state, o.statuses), methods_(store_, options_), window_(o.limit, o.block),
          faults_(o.faults, o.seed ? *o.seed : std::random_device{}()) {
        // A restart is no way round a limit or a block.
        store_.restore(window_, wall_now());
        static_cast<void>(block_message({}, options_.block_zone));  // complains about an unknown zone
        if (!options_.tls_certificate.empty()) {
            load_certificate();
        }
    }

    asio::awaitable<void> listen(tcp::acceptor acceptor) {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(as_result);
            if (!error) {
                // A failed accept is passed over: the next client is served all the same.
                asio::co_spawn(io_, serve_connection(std::move(socket)), rethrow);
            }
        }
    }

private:
    void load_certificate() {
        context_.emplace(asio::ssl::context::tls_server);
        boost::system::error_code error;
        context_->use_certificate_chain_file(options_.tls_certificate.string(), error);
        if (!error) {
            context_->use_private_key_file(options_.tls_key.string(), asio::ssl::context::pem, error);
        }
        if (error) {
            throw command_error(exit_code::usage,
                                fmt::format("--tls-cert or --tls-key cannot be used ({})", error.message()));
        }
    }

    asio::awaitable<void> serve_connection(tcp::socket socket) {
        byte_channel channel(std::move(socket), context_ ? &*context_ : nullptr);
        // A client that does not trust the certificate ends here, before its first request.
        if (co_await channel.greet_client()) {
            co_return;
        }
        request_reader requests(channel);
        while (const std::optional<http_request> asked = co_await requests.next()) {
            const reaction r = react(*asked);
            if (options_.latency.count() > 0) {
                // After the request was carried out: a slow answer, and not a slow service, which is what makes doubts.
                co_await sleep(options_.latency);
            }
            const bool go_on = co_await answer(channel, *asked, r);
            if (!go_on) {
                co_return;
            }
        }
    }

    asio::awaitable<void> sleep(std::chrono::milliseconds duration) {
        asio::steady_timer timer(io_, duration);
        static_cast<void>(co_await timer.async_wait(as_result));
    }

    // Counts, judges and carries out: all that happens before the answer leaves.
    reaction react(const http_request& asked) {
        const auto arrived = wall_now();
        const auto form = read_form(asked);
        const std::string method = form ? form->method : "?";
        // A wrong token is nobody's, so it counts under no account's limit.
        if (const auto refused = refuse_token(asked, form)) {
            store_.log_request(arrived, method, "refused");
            return *refused;
        }
        // The limit comes before everything else: the service counts what arrives.
        if (!window_.arrive(arrived)) {
            store_.save_block(window_.blocked_until());
            store_.log_request(arrived, method, "blocked");
            return error("ERROR_BLOCKED_TOKEN", block_message(window_.blocked_until(), options_.block_zone));
        }
        if (const auto refused = refuse(asked, form)) {
            store_.log_request(arrived, method, "refused");
            return *refused;
        }
        // A fault for one method alone, so that a test can break creates and let their look-ups pass.
        const bool may_fail = options_.faults_in.empty() || options_.faults_in == method;
        reaction r{.fate = may_fail ? faults_.draw() : mishap::none, .body = {}, .status = 200};
        if (r.fate == mishap::block) {
            // As if another program had passed the limit; this request is not carried out.
            window_.block(arrived);
            store_.save_block(window_.blocked_until());
            store_.log_request(arrived, method, "blocked by others");
            return error("ERROR_BLOCKED_TOKEN", block_message(window_.blocked_until(), options_.block_zone));
        }
        if (!is_carried_out(r.fate)) {
            // carry_out_late amends the entry, so that a test sees when the create was carried out after all.
            const std::int64_t number = store_.log_request(arrived, method, "lost");
            if (r.fate == mishap::late) {
                asio::co_spawn(io_, carry_out_late(number, method, form->parameters), rethrow);
            }
            return r;
        }
        const json::object said = methods_.call(method, form->parameters);
        // Tests read in the log which requests were carried out, whatever the client was told (tests/process).
        store_.log_request(arrived, method, "carried out" + client_in(said));
        r.body = json::serialize(r.fate == mishap::foreign_id ? methods_.with_foreign_id(said) : said);
        return r;
    }

    // For the log: " as 42".
    static std::string client_in(const json::object& said) {
        const auto id = loose_integer(said.if_contains("crm_client_id"));
        return id ? fmt::format(" as {}", *id) : std::string{};
    }

    asio::awaitable<void> carry_out_late(std::int64_t number, std::string method, std::string parameters) {
        // The connection may be gone by then: a service goes on with what it has begun.
        co_await sleep(options_.late_by);
        const json::object said = methods_.call(method, parameters);
        store_.amend_request(
            number, fmt::format("carried out at {}{}", wall_now().time_since_epoch().count(), client_in(said)));
    }

    // Nothing for a body of another type: seen for JSON bodies, that is answered as an unknown method.
    [[nodiscard]] std::optional<request_form> read_form(const http_request& asked) const {
        const std::string type = ascii_lower(asked.content_type);
        if (type.starts_with("application/x-www-form-urlencoded")) {
            // Some clients send the JSON as it stands: then a % in it is no escape.
            const auto form = parse_form(asked.body);
            return form || options_.strict_transport ? form : parse_unencoded(asked.body);
        }
        return type.starts_with("multipart/form-data") && !options_.strict_transport
                   ? parse_multipart(asked.content_type, asked.body)
                   : std::nullopt;
    }

    // The header's, or (deprecated) the form's.
    [[nodiscard]] std::string token_of(const http_request& asked, const std::optional<request_form>& form) const {
        const bool is_in_form = asked.token.empty() && form && !options_.strict_transport;
        return is_in_form ? form->token : asked.token;
    }

    // Before anything is counted.
    [[nodiscard]] std::optional<reaction> refuse_token(const http_request& asked,
                                                       const std::optional<request_form>& form) const {
        if (path_of(asked.target) != path) {
            return reaction{.fate = mishap::none, .body = std::string(outage_page), .status = 404};
        }
        const std::string token = token_of(asked, form);
        if (token.empty()) {
            return error("ERROR_EMPTY_TOKEN", "Empty token");
        }
        const bool is_known =
            token == options_.token || (!options_.read_only_token.empty() && token == options_.read_only_token);
        return is_known ? std::nullopt : std::optional(error("ERROR_BAD_TOKEN", "Invalid user token"));
    }

    [[nodiscard]] std::optional<reaction> refuse(const http_request& asked,
                                                 const std::optional<request_form>& form) const {
        const bool may_not_write = token_of(asked, form) != options_.token && form && is_write(form->method);
        // What the service answers to a token without the permission is documented nowhere.
        if (asked.method != "POST" || !form || may_not_write) {
            return error("ERROR_UNKNOWN_METHOD", "An unknown method has been used");
        }
        return std::nullopt;
    }

    static std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

    static reaction error(std::string_view code, std::string_view message) {
        return {.fate = mishap::none, .body = json::serialize(error_answer(code, message)), .status = 200};
    }

    // False when the connection is to end.
    asio::awaitable<bool> answer(byte_channel& channel, const http_request& asked, const reaction& r) {
        switch (r.fate) {
        // Before and after differ in react() alone: on the wire both look the same, which is the doubt.
        case mishap::drop_before:
        case mishap::drop_after: co_return false;
        case mishap::reset_before:
        case mishap::reset_after: channel.reset(); co_return false;
        case mishap::stall:
        case mishap::late: co_await outlast(channel); co_return false;
        // The bytes of a TLS alert record: what a client hears that speaks plain HTTP to a port of TLS.
        case mishap::garbage: co_await say(channel, "\x15\x03\x01 what?\r\n\r\n\r\n"); co_return false;
        case mishap::huge: co_await say_without_end(channel); co_return false;
        default: break;
        }
        // Errors of the API come with HTTP 200 and JSON; only outages have pages and other statuses.
        const bool is_page = r.fate == mishap::html || r.fate == mishap::error_500 || r.fate == mishap::error_502;
        const http_reply reply{.status = r.fate == mishap::error_500   ? 500U
                                         : r.fate == mishap::error_502 ? 502U
                                                                       : r.status,
                               .content_type = is_page ? "text/html; charset=utf-8" : options_.content_type,
                               .keep_alive = asked.keep_alive,
                               .body = r.fate == mishap::empty ? ""
                                       : is_page               ? std::string(outage_page)
                                                               : r.body};
        const std::string head = reply_head(reply);
        if (r.fate == mishap::cut_off) {
            // The head promises the whole length, so the client can tell that half is missing.
            co_await say(channel, head + reply.body.substr(0, reply.body.size() / 2));
            co_return false;
        }
        if (r.fate == mishap::drip) {
            co_await drip(channel, head + reply.body);
            co_return false;
        }
        // In one write: the stray answer is there when the client reads the first.
        const std::string all = (r.fate == mishap::interim ? interim_answers : "") + head + reply.body +
                                (r.fate == mishap::stray ? head + reply.body : "");
        const byte_channel::transfer written = co_await channel.write(all);
        co_return !written.error && reply.keep_alive;
    }

    // Says nothing until the other side gives up.
    static asio::awaitable<void> outlast(byte_channel& channel) {
        char byte = 0;
        // Ends when the client closes, since a client that waits for an answer sends nothing.
        static_cast<void>(co_await channel.read_some(&byte, 1));
    }

    // Whether what these say arrives is all the same: the connection ends either way.
    static asio::awaitable<void> say(byte_channel& channel, std::string text) {
        static_cast<void>(co_await channel.write(text));
    }

    static asio::awaitable<void> say_without_end(byte_channel& channel) {
        co_await say(channel,
                     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"status\":\"SUCCESS\",\"x\":\"");
        // 1 MiB at a time, until the client has had enough and closes.
        const std::string chunk(1 << 20, 'x');
        while (!(co_await channel.write(chunk)).error) {
        }
    }

    asio::awaitable<void> drip(byte_channel& channel, std::string text) {
        for (const char byte : text) {
            if ((co_await channel.write({&byte, 1})).error) {
                co_return;
            }
            // The answer to a create has about 170 bytes, so it takes three to four seconds.
            co_await sleep(std::chrono::milliseconds(20));
        }
    }

    asio::io_context& io_;
    const options& options_;
    store store_;
    methods methods_;
    rate_window window_;
    fault_plan faults_;
    std::optional<asio::ssl::context> context_;
};

tcp::acceptor open_acceptor(asio::io_context& io, std::uint16_t port) {
    try {
        // Loopback alone: the stand-in has a known token and must not be reached from outside.
        return {io, tcp::endpoint(asio::ip::address_v4::loopback(), port)};
    } catch (const boost::system::system_error& error) {
        throw command_error(exit_code::usage,
                            fmt::format("port {} of 127.0.0.1 cannot be used ({}); name another with --port, or "
                                        "leave it out for a free one",
                                        port, error.code().message()));
    }
}

}  // namespace

void serve(const options& o) {
    asio::io_context io(1);
    server s(io, o);
    tcp::acceptor acceptor = open_acceptor(io, o.port);
    const std::uint16_t port = acceptor.local_endpoint().port();
    asio::signal_set signals(io, SIGINT, SIGTERM);
    // At once: what is under way is cut off, as by a service that goes down.
    signals.async_wait([&](const boost::system::error_code&, int) { io.stop(); });
    asio::co_spawn(io, s.listen(std::move(acceptor)), rethrow);
    // When it listens already: whoever reads the line may connect at once.
    fmt::print("{}://127.0.0.1:{}{}\n", o.tls_certificate.empty() ? "http" : "https", port, path);
    // Into a pipe standard output is buffered, and the test that waits for the line would wait for ever.
    std::fflush(stdout);
    io.run();
}

}  // namespace baseload::sandbox
