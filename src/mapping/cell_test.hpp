#pragma once

#include "baseload/config/settings.hpp"

#include <tl/expected.hpp>
#include <unicode/regex.h>

#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace baseload {

// Whether a cell says what [source] only or skip asks for: one of some texts, in any case, or a regular expression that
// is found in it. Not thread-safe.
class cell_test {
public:
    // Returns what is wrong with the condition's pattern, if it cannot be used. Keeps no reference.
    [[nodiscard]] static tl::expected<cell_test, std::string> of(const row_condition& condition);

    // `cell` is trimmed. Throws command_error(usage) where the pattern takes too long: no row of such a source can be
    // told to be meant or not.
    [[nodiscard]] bool passes(std::string_view cell) const;

private:
    std::set<std::string> values_;  // folded
    std::string pattern_;
    std::unique_ptr<icu::RegexMatcher> matcher_;  // none: the values decide
};

}  // namespace baseload
