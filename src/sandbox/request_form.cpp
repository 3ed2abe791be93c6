#include "request_form.hpp"

#include <boost/url/params_view.hpp>

#include <algorithm>

namespace baseload::sandbox {

namespace {

// Other fields are passed over; of a repeated one the last counts.
void set(request_form& form, std::string_view name, std::string_view value) {
    if (name == "method") {
        form.method = value;
    } else if (name == "parameters") {
        form.parameters = value;
    } else if (name == "token") {
        form.token = value;
    }
}

// The value of a parameter of a header field: boundary=x, name="y".
std::string_view parameter(std::string_view field, std::string_view name) {
    const std::string sought = std::string(name) + '=';
    const std::size_t at = field.find(sought);
    if (at == std::string_view::npos) {
        return {};
    }
    std::string_view value = field.substr(at + sought.size());
    if (value.starts_with('"')) {
        value.remove_prefix(1);
        return value.substr(0, value.find('"'));
    }
    return value.substr(0, value.find_first_of("; \t\r\n"));
}

}  // namespace

std::optional<request_form> parse_form(std::string_view body) {
    namespace urls = boost::urls;
    urls::encoding_opts options;
    // The vendor's rule: a raw "+" is a space, and ruins base64 (documented; tests/sandbox/request_form_test.cpp).
    options.space_as_plus = true;
    request_form form;
    try {
        const urls::params_view fields(urls::string_view(body.data(), body.size()), options);
        for (const auto& field : fields) {
            set(form, field.key, field.value);
        }
        // params_view throws at a percent sign without two hexadecimal digits.
    } catch (const boost::system::system_error&) {
        return std::nullopt;
    }
    return form;
}

std::optional<request_form> parse_unencoded(std::string_view body) {
    request_form form;
    while (!body.empty()) {
        const std::size_t equals = body.find('=');
        if (equals == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view name = body.substr(0, equals);
        body.remove_prefix(equals + 1);
        std::size_t end = body.size();
        for (const std::string_view next : {"&method=", "&parameters=", "&token="}) {
            end = std::min(end, body.find(next));
        }
        set(form, name, body.substr(0, end));
        body.remove_prefix(std::min(end + 1, body.size()));
    }
    return form;
}

std::optional<request_form> parse_multipart(std::string_view content_type, std::string_view body) {
    const std::string_view boundary = parameter(content_type, "boundary");
    if (boundary.empty()) {
        return std::nullopt;
    }
    const std::string mark = "--" + std::string(boundary);
    request_form form;
    bool has_part = false;
    for (std::size_t at = body.find(mark); at != std::string_view::npos;) {
        std::string_view part = body.substr(at + mark.size());
        if (part.starts_with("--")) {
            break;
        }
        const std::size_t next = part.find("\r\n" + mark);
        const std::size_t head_end = part.find("\r\n\r\n");
        if (next == std::string_view::npos || head_end == std::string_view::npos || head_end > next) {
            return std::nullopt;
        }
        const std::string_view head = part.substr(0, head_end);
        set(form, parameter(head, " name"), part.substr(head_end + 4, next - head_end - 4));
        has_part = true;
        at += mark.size() + next + 2;
    }
    return has_part ? std::optional(form) : std::nullopt;
}

}  // namespace baseload::sandbox
