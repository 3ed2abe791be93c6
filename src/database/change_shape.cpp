#include "change_shape.hpp"

#include <algorithm>

namespace baseload {
namespace {

constexpr std::string_view values_of_row = "VALUES (?";
constexpr std::string_view equal = " = ?";

// The word behind the verb.
std::string_view table_behind(std::string_view sql, std::string_view verb) {
    if (!sql.starts_with(verb)) {
        return {};
    }
    sql.remove_prefix(verb.size());
    return sql.substr(0, sql.find_first_of(" ("));
}

bool has_one_value(std::string_view sql) {
    return std::count(sql.begin(), sql.end(), '?') == 1;
}

}  // namespace

change_shape shape_of(std::string_view sql) {
    if (const std::string_view table = table_behind(sql, "INSERT INTO "); !table.empty()) {
        // What stands behind the values says what becomes of a row that is there: then each is one's own.
        const std::size_t values = sql.find(values_of_row);
        const bool ends_with_values = values != std::string_view::npos && sql.find(')', values) == sql.size() - 1;
        return {ends_with_values ? change_shape::kind::insert : change_shape::kind::other, table};
    }
    if (const std::string_view table = table_behind(sql, "DELETE FROM "); !table.empty()) {
        const bool names_one = has_one_value(sql) && sql.ends_with(equal);
        return {names_one ? change_shape::kind::erase : change_shape::kind::other, table};
    }
    return {change_shape::kind::other, table_behind(sql, "UPDATE ")};
}

std::string numbered(std::string_view sql, std::size_t rows) {
    std::string all(sql);
    if (rows > 1) {
        const bool is_insert = shape_of(sql).what == change_shape::kind::insert;
        const std::size_t at = is_insert ? sql.find('(', sql.find(values_of_row)) : sql.size() - equal.size();
        const std::string_view row = is_insert ? sql.substr(at) : "?";
        all = std::string(sql.substr(0, at)) + (is_insert ? "" : " IN (");
        for (std::size_t i = 0; i < rows; ++i) {
            all.append(i == 0 ? "" : ", ").append(row);
        }
        all += is_insert ? "" : ")";
    }
    std::string text;
    int count = 0;
    for (const char c : all) {
        text += c == '?' ? "$" + std::to_string(++count) : std::string(1, c);
    }
    return text;
}

}  // namespace baseload
