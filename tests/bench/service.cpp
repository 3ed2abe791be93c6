// The service of the benchmark: as little as an HTTP/1.1 service can do that still answers as the API does. One thread,
// epoll, connections that stay open, on 127.0.0.1.
//
//     baseload_bench_service PORT [FIRST_ID]
//
// addCrmClient answers a new id, one above the last, or the id that it was given; getCrmClients an empty list; any
// other method its status alone. It writes "ready" when it listens, and serves until it is killed.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace {

constexpr std::size_t read_size = 64 * 1024;
constexpr std::size_t max_request = 8 * 1024 * 1024;

[[noreturn]] void fail(const char* what) {
    std::perror(what);
    std::exit(1);
}

std::uint64_t number_at(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

// The ids of the account. They rise, and none is given twice.
class account {
public:
    explicit account(std::uint64_t first_id) : next_id_(first_id) {}

    // The JSON that answers a form, whose parameters are percent-encoded.
    std::string_view answer(std::string_view form) {
        if (!form.starts_with("method=addCrmClient&")) {
            return form.starts_with("method=getCrmClients&") ? R"({"status":"SUCCESS","clients":[]})"
                                                             : R"({"status":"SUCCESS"})";
        }
        const std::uint64_t given = given_id(form);
        const std::uint64_t id = given > 0 ? given : next_id_++;
        constexpr std::string_view begin = R"({"status":"SUCCESS","crm_client_id":)";
        std::memcpy(text_.data(), begin.data(), begin.size());
        char* end = std::to_chars(text_.data() + begin.size(), text_.data() + text_.size() - 1, id).ptr;
        *end++ = '}';
        return {text_.data(), static_cast<std::size_t>(end - text_.data())};
    }

private:
    // 0 where there is none. Inside a text of the JSON the quotes would stand behind a backslash.
    static std::uint64_t given_id(std::string_view form) {
        constexpr std::string_view name = "%22crm_client_id%22%3A";
        const std::size_t at = form.find(name);
        const bool is_name = at != std::string_view::npos && !form.substr(0, at).ends_with("%5C");
        return is_name ? number_at(form.substr(at + name.size())) : 0;
    }

    std::uint64_t next_id_;
    std::array<char, 96> text_{};
};

// What came of a connection and is not answered yet.
class request_buffer {
public:
    // False at the connection's end.
    bool read_from(int socket) {
        bytes_.resize(used_ + read_size);
        const ssize_t got = ::recv(socket, bytes_.data() + used_, read_size, MSG_DONTWAIT);
        if (got > 0) {
            used_ += static_cast<std::size_t>(got);
        }
        return got > 0 ? used_ <= max_request : got < 0 && (errno == EAGAIN || errno == EINTR);
    }

    // The form of the next request that came whole. It is valid until the next read.
    std::optional<std::string_view> next_form() {
        const std::string_view rest(bytes_.data() + begin_, used_ - begin_);
        const std::size_t head = rest.find("\r\n\r\n");
        if (head == std::string_view::npos) {
            return std::nullopt;
        }
        const std::size_t body = head + 4;
        const std::size_t size = body_size(rest.substr(0, head));
        if (rest.size() < body + size) {
            return std::nullopt;
        }
        begin_ += body + size;
        return rest.substr(body, size);
    }

    void forget_answered() {
        std::memmove(bytes_.data(), bytes_.data() + begin_, used_ - begin_);
        used_ -= begin_;
        begin_ = 0;
    }

private:
    static std::size_t body_size(std::string_view head) {
        constexpr std::string_view name = "content-length:";
        for (std::size_t at = head.find("\r\n"); at != std::string_view::npos; at = head.find("\r\n", at)) {
            at += 2;
            if (head.size() - at > name.size() && ::strncasecmp(head.data() + at, name.data(), name.size()) == 0) {
                at += name.size();
                return number_at(head.substr(head[at] == ' ' ? at + 1 : at));
            }
        }
        return 0;
    }

    std::string bytes_;
    std::size_t begin_ = 0;
    std::size_t used_ = 0;
};

class server {
public:
    server(std::uint16_t port, std::uint64_t first_id) : account_(first_id) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const int on = 1;
        ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof here) != 0) {
            fail("bind");
        }
        if (::listen(listener_, SOMAXCONN) != 0) {
            fail("listen");
        }
        watch(listener_);
    }

    [[noreturn]] void serve() {
        std::array<epoll_event, 128> events{};
        for (;;) {
            const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
            for (int i = 0; i < count; ++i) {
                const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
                if (socket == listener_) {
                    accept_one();
                } else if (!serve_one(socket)) {
                    connections_.erase(socket);
                    ::close(socket);
                }
            }
        }
    }

private:
    void watch(int socket) const {
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.fd = socket;
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event) != 0) {
            fail("epoll_ctl");
        }
    }

    void accept_one() {
        const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (socket < 0) {
            return;
        }
        const int on = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connections_[socket] = std::make_unique<request_buffer>();
        watch(socket);
    }

    // False when the connection is over.
    bool serve_one(int socket) {
        request_buffer& requests = *connections_.at(socket);
        if (!requests.read_from(socket)) {
            return false;
        }
        out_.clear();
        while (const auto form = requests.next_form()) {
            const std::string_view body = account_.answer(*form);
            out_ += "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
                    "Content-Length: ";
            out_ += std::to_string(body.size());
            out_ += "\r\n\r\n";
            out_ += body;
        }
        requests.forget_answered();
        return send_all(socket, out_);
    }

    static bool send_all(int socket, std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent < 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    account account_;
    int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    int listener_ = -1;
    std::unordered_map<int, std::unique_ptr<request_buffer>> connections_;
    std::string out_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count < 2) {
        std::fputs("baseload_bench_service PORT [FIRST_ID]\n", stderr);
        return 2;
    }
    const std::uint64_t first_id = count > 2 ? number_at(arguments[2]) : 1;
    server here(static_cast<std::uint16_t>(number_at(arguments[1])), first_id);
    std::puts("ready");
    std::fflush(stdout);
    here.serve();
}
