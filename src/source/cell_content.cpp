#include "baseload/source/cell_content.hpp"

#include "baseload/core/text.hpp"

#include <algorithm>

namespace baseload {

// Only what hardly any header holds: a wrong yes makes a customer of the header, and all columns lose their names.
bool looks_like_data(std::string_view cell) {
    const auto digits = static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), is_digit));
    // Five digits are a postcode's; 2024 or 12 may be a column's name.
    const bool is_number = digits >= 5 && std::all_of(cell.begin(), cell.end(), [](char c) {
                               return is_digit(c) || std::string_view("+-. /():").find(c) != std::string_view::npos;
                           });
    const std::size_t at = cell.find('@');
    const bool is_email = at != std::string_view::npos && at > 0 && cell.find('.', at) != std::string_view::npos &&
                          cell.find(' ') == std::string_view::npos;
    return is_number || is_email;
}

}  // namespace baseload
