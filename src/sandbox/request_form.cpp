#include "request_form.hpp"

#include <boost/url/params_view.hpp>

namespace baseload::sandbox {

std::optional<request_form> parse_form(std::string_view body) {
    namespace urls = boost::urls;
    urls::encoding_opts options;
    // The vendor's rule: a raw "+" is a space, and ruins base64 (documented; tests/sandbox/request_form_test.cpp).
    options.space_as_plus = true;
    request_form form;
    try {
        const urls::params_view fields(urls::string_view(body.data(), body.size()), options);
        for (const auto& field : fields) {
            // Other fields are passed over, such as the deprecated `token`; of a repeated one the last counts.
            if (field.key == "method") {
                form.method = field.value;
            } else if (field.key == "parameters") {
                form.parameters = field.value;
            }
        }
        // params_view throws at a percent sign without two hexadecimal digits.
    } catch (const boost::system::system_error&) {
        return std::nullopt;
    }
    return form;
}

}  // namespace baseload::sandbox
