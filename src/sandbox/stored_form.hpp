#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// What a service may do to a text before it stores it. The order is that of the table in stored_form.cpp, and that in
// which they are done: escapes come last, so that no other change breaks them.
enum class text_change {
    strip,     // control characters (line breaks too) and those without width are dropped
    collapse,  // each run of white space becomes one blank; none at the ends
    phone,     // blanks, dashes and brackets are dropped from a phone number
    upper,     // all in capitals
    lower,     // all in small letters
    nfc,       // letters and their accents are one character each
    nfd,       // accents are characters of their own
    escape     // & < > " ' are written as HTML has them
};

// The form in which the stand-in stores texts: some of these changes. None unless told.
class stored_form {
public:
    stored_form() = default;

    // "escape,nfd". Throws command_error(usage) for an unknown change, and for two that undo each other.
    explicit stored_form(std::string_view changes);

    // Of a field by its API name. Precondition: `text` is valid UTF-8.
    [[nodiscard]] std::string of(std::string_view field, std::string text) const;

private:
    static constexpr std::size_t kinds = 8;
    [[nodiscard]] bool has(text_change change) const { return chosen_.at(static_cast<std::size_t>(change)); }

    std::array<bool, kinds> chosen_{};
};

}  // namespace baseload::sandbox
