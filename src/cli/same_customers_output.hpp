#pragma once

#include "baseload/core/text.hpp"
#include "baseload/survey/same_customer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A line each, for `check` and `plan`; blank where there are none.
inline std::string same_customers_text(const std::vector<same_customer>& found, std::uint64_t count) {
    std::string text;
    for (const same_customer& s : found) {
        text += fmt::format("  {}\n", same_customer_text(s));
    }
    if (count > found.size()) {
        text += fmt::format("  … and {} more of such customers\n", grouped(count - found.size()));
    }
    return text;
}

inline boost::json::array same_customers_json(const std::vector<same_customer>& found) {
    boost::json::array all;
    for (const same_customer& s : found) {
        all.push_back({{"lines", boost::json::array(s.lines.begin(), s.lines.end())},
                       {"rows", s.rows},
                       {"fields", boost::json::array(s.fields.begin(), s.fields.end())}});
    }
    return all;
}

}  // namespace baseload
