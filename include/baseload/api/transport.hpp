#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/core/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>

namespace baseload {

// Why an exchange brought no answer.
struct no_answer {
    bool sent = false;  // whether a byte of the request may have reached the service
    std::string why;
};

// The seam between what is said to the API and how it gets there. The program's own is a connection; tests have one
// that answers from a script. Lives on the I/O thread; one exchange at a time.
class transport {
public:
    virtual ~transport() = default;

    // Whether a fresh connection stands.
    [[nodiscard]] virtual bool is_open() const = 0;
    // Connects, unless a fresh connection stands. The fault says why it cannot.
    [[nodiscard]] virtual boost::asio::awaitable<result<void>> ensure_open() = 0;

    // Sends a POST with the token and a form body (application/x-www-form-urlencoded), and waits for the answer.
    // Precondition: ensure_open() has just succeeded, or is_open() has just said so; both texts outlive the exchange. A
    // failure closes the connection.
    [[nodiscard]] virtual boost::asio::awaitable<result<http_answer, no_answer>> post(const std::string& token,
                                                                                      const std::string& form) = 0;

    // The next exchange takes a new connection: what this one says is not to be trusted.
    virtual void close() = 0;
};

}  // namespace baseload
