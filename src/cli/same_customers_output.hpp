#pragma once

#include "baseload/core/text.hpp"
#include "baseload/survey/same_customer.hpp"
#include "lines_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// A line each, for `check` and `plan`; blank where there are none.
inline std::string same_customers_text(const std::vector<same_customer>& found, std::uint64_t count,
                                       const line_places& places) {
    std::string text;
    for (const same_customer& s : found) {
        text += fmt::format("  {}\n", same_customer_text(s, places));
    }
    if (count > found.size()) {
        text += fmt::format("  … and {} more of such customers\n", grouped(count - found.size()));
    }
    return text;
}

inline boost::json::array same_customers_json(const std::vector<same_customer>& found, const line_places& places) {
    boost::json::array all;
    for (const same_customer& s : found) {
        boost::json::object one = lines_json(s.lines, places);
        one["rows"] = s.rows;
        one["fields"] = boost::json::array(s.fields.begin(), s.fields.end());
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace baseload
