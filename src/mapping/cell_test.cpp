#include "cell_test.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "regular_expression.hpp"

#include <fmt/format.h>

namespace baseload {

tl::expected<cell_test, std::string> cell_test::of(const row_condition& condition) {
    cell_test test;
    test.values_ = condition.values;
    test.pattern_ = condition.pattern;
    if (!condition.pattern.empty()) {
        auto matcher = compiled(condition.pattern);
        if (!matcher) {
            return tl::unexpected(matcher.error());
        }
        test.matcher_ = std::move(*matcher);
    }
    return test;
}

bool cell_test::passes(std::string_view cell) const {
    if (!matcher_) {
        return values_.contains(folded(cell));
    }
    UErrorCode status = U_ZERO_ERROR;
    // The matcher keeps a reference to it, and is reset before it is used again.
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(cell);
    matcher_->reset(wide);
    const bool found = matcher_->find(status) != 0;
    if (U_FAILURE(status)) {
        throw command_error(exit_code::usage,
                            fmt::format("the job's regular expression {} takes too long on {}; write a plainer one",
                                        in_quotes(pattern_), in_quotes(cell)));
    }
    return found;
}

}  // namespace baseload
