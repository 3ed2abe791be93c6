// Values on their way to the server, and from it.
#include "baseload/core/utf8.hpp"
#include "baseload/database/postgres_connection.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <bit>
#include <cstdint>

namespace baseload {
namespace {

// Of the types that our statements give (https://www.postgresql.org/docs/15/catalog-pg-type.html).
constexpr Oid int4_oid = 23;
constexpr Oid bool_oid = 16;

template <class Number>
Number big_endian_at(const char* bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
        number = number << 8U | static_cast<unsigned char>(bytes[i]);
    }
    if constexpr (sizeof(Number) == sizeof number) {
        return std::bit_cast<Number>(number);
    } else {
        return static_cast<Number>(number);
    }
}

}  // namespace

// Numbers go as texts, which the server reads as the type that it expects there.
postgres_value::postgres_value(const sql_value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        bytes_ = std::to_string(*number);
    } else if (const auto* real = std::get_if<double>(&value)) {
        bytes_ = fmt::format("{}", *real);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
        bytes_ = as_utf8(*text);
        // A zero would end the text there for PostgreSQL, which has no such character
        // (https://www.postgresql.org/docs/15/datatype-character.html).
        for (std::size_t zero = bytes_.find('\0'); zero != std::string::npos; zero = bytes_.find('\0', zero)) {
            bytes_.replace(zero, 1, "\xEF\xBF\xBD");
        }
    } else if (const auto* blob = std::get_if<sql_bytes>(&value)) {
        bytes_ = blob->bytes;
        is_binary_ = true;
    } else {
        is_null_ = true;
    }
}

bool is_null_in(const pg_result& row, int column) {
    return ::PQgetisnull(&row, 0, column) != 0;
}

std::string_view bytes_in(const pg_result& row, int column) {
    return {::PQgetvalue(&row, 0, column), static_cast<std::size_t>(::PQgetlength(&row, 0, column))};
}

std::int64_t integer_in(const pg_result& row, int column) {
    if (is_null_in(row, column)) {
        return 0;
    }
    const std::string_view bytes = bytes_in(row, column);
    switch (::PQftype(&row, column)) {
    case bool_oid: return bytes[0];
    case int4_oid: return static_cast<std::int32_t>(big_endian_at<std::uint32_t>(bytes.data()));
    default: return bytes.size() == sizeof(std::int64_t) ? big_endian_at<std::int64_t>(bytes.data()) : 0;
    }
}

double real_in(const pg_result& row, int column) {
    const std::string_view bytes = bytes_in(row, column);
    return bytes.size() == sizeof(double) ? big_endian_at<double>(bytes.data()) : 0;
}

}  // namespace baseload
