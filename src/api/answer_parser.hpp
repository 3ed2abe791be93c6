#pragma once

#include "baseload/api/answer.hpp"

#include <boost/system/error_code.hpp>

#include <memory>
#include <string_view>

namespace baseload {

// Reads one HTTP answer from the bytes of a stream as they come, within bounds, whatever a server says: a head of 64
// KiB and a body of 4 MiB. Interim answers (1xx, RFC 9110 15.2) before it are passed over. Pure.
class answer_parser {
public:
    answer_parser();
    ~answer_parser();

    // Takes the next bytes. An error ends it: these are no HTTP answer, or one beyond the bounds.
    [[nodiscard]] boost::system::error_code put(std::string_view bytes);
    // The stream has ended: an error when that is before the answer's end.
    [[nodiscard]] boost::system::error_code put_end();

    [[nodiscard]] bool is_done() const;

    // Preconditions: is_done(). Whether bytes came behind the answer: nobody can say whose answer it is then. Whether
    // the connection may be used again; the answer.
    [[nodiscard]] bool has_more() const;
    [[nodiscard]] bool keeps_alive() const;
    [[nodiscard]] http_answer release();

private:
    class implementation;
    std::unique_ptr<implementation> implementation_;
};

}  // namespace baseload
