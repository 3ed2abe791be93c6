#pragma once

#include <array>
#include <string_view>

namespace baseload {

// The letters outside ASCII that a language writes, in lower case, and of 10,000 letters of its prose how many each is.
struct alphabet {
    std::string_view language;
    std::u16string_view letters;
    std::array<float, 18> frequencies;  // as many as there are letters

    // The share of a letter among these; a small one for a letter that the language does not write, as in a
    // foreigner's name.
    [[nodiscard]] double share_of(char16_t letter) const;
};

// The languages of the EU that the encodings of encoding_by_letters() serve; one that is missing here scores by its
// nearest neighbour. Polish is the first.
[[nodiscard]] const std::array<alphabet, 14>& alphabets();

}  // namespace baseload
