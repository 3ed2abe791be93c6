#pragma once

#include "baseload/config/settings.hpp"

#include <tl/expected.hpp>
#include <unicode/regex.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace baseload {

// What a rule does to a cell's text before its map: split, then replace, then change letters.
// Not thread-safe.
class text_transforms {
public:
    // Returns what is wrong with a pattern of the rule, if one cannot be used. Keeps no reference.
    [[nodiscard]] static tl::expected<text_transforms, std::string> of(const field_rule& rule);

    // The text, trimmed; or why it could not be made.
    [[nodiscard]] tl::expected<std::string, std::string> apply(std::string text) const;

private:
    struct replacement {
        std::string pattern;  // for messages
        std::unique_ptr<icu::RegexMatcher> matcher;
        icu::UnicodeString by;
    };

    std::string separator_;
    text_part part_ = text_part::all;
    std::vector<replacement> replacements_;
    std::vector<letter_transform> letters_;
};

}  // namespace baseload
