#include "regular_expression.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace baseload {
namespace {

// ICU's steps, about a millisecond each: a pattern that backtracks without end is told.
constexpr std::int32_t regex_patience = 1000;

}  // namespace

tl::expected<std::unique_ptr<icu::RegexMatcher>, std::string> compiled(const std::string& pattern) {
    UErrorCode status = U_ZERO_ERROR;
    auto matcher = std::make_unique<icu::RegexMatcher>(icu::UnicodeString::fromUTF8(pattern), 0, status);
    if (U_SUCCESS(status)) {
        matcher->setTimeLimit(regex_patience, status);
    }
    if (U_FAILURE(status)) {
        return tl::unexpected(fmt::format("{} is no regular expression ({})", in_quotes(pattern), u_errorName(status)));
    }
    return matcher;
}

}  // namespace baseload
