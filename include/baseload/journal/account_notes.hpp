#pragma once

#include <optional>
#include <string>

namespace baseload {

// The journal's third role: what the account said of itself (its statuses, extra fields, contractors), as texts that
// are kept under a name for commands that ask nobody.
class account_notes {
public:
    virtual ~account_notes() = default;

    virtual void remember(const std::string& name, const std::string& text) = 0;
    [[nodiscard]] virtual std::optional<std::string> recalled(const std::string& name) = 0;
};

// The name of the note that a person was told of what the journal may lack; blank: of nothing.
inline constexpr const char* note_of_loss = "told of a loss";

// The name of the note that a person has said of this key: the account does not have it, whoever is like it. Blank once
// its create has left.
[[nodiscard]] inline std::string note_of_absence(const std::string& key) {
    return "absent: " + key;
}

}  // namespace baseload
