#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace baseload {

// Whether changes by one statement can be put together into one: 64 rows in one statement cost a server, and the way to
// it, a tenth of 64 statements.
struct change_shape {
    enum class kind {
        insert,  // INSERT INTO table (…) VALUES (?, …)
        erase,   // DELETE FROM table WHERE column = ?
        other    // of a table, to be carried out alone
    };
    kind what = kind::other;
    std::string_view table;  // blank: of any, so nothing may be moved past it
};

[[nodiscard]] change_shape shape_of(std::string_view sql);

// The statement for so many rows, with `?` as $1, $2 and so on.
[[nodiscard]] std::string numbered(std::string_view sql, std::size_t rows = 1);

}  // namespace baseload
