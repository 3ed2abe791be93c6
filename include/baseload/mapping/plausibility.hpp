#pragma once

#include <optional>
#include <string>
#include <string_view>

// Whether a value can be what it says it is, beyond what the service demands. Pure.

namespace baseload {

struct implausible_value {
    std::string problem;
    std::string remedy;
};

// What became of a look at a value. Not judged: no rule is known for it, which is no word against it.
struct plausibility {
    std::optional<implausible_value> doubt = {};
    bool is_judged = true;
};

// A tax id, without spaces and dashes: a Polish NIP by its length and check digit; one that
// begins with a country's letters, by the form of VAT numbers there (Regulation (EU) 904/2010
// as VIES applies it) and, for DE, IT, BE and SK, by its check digits; one without any digit is none. `country` is the
// client's, "" when it is not known: then Polish rules apply to what looks Polish. What cannot be judged is not
// doubted.
[[nodiscard]] plausibility check_tax_id(std::string_view tax_id, std::string_view country);

// A postcode that has fewer digits than those of its country, as Excel leaves them behind, or a Polish one of another
// form.
[[nodiscard]] plausibility check_postcode(std::string_view postcode, std::string_view country);

// Any text: a word for "nothing" ("brak", "n/d", "-"), or the apostrophe that guards a cell from a spreadsheet.
[[nodiscard]] std::optional<implausible_value> check_text(std::string_view text);

}  // namespace baseload
