#pragma once

#include <filesystem>
#include <string>

namespace baseload {

// Where a journal lies. Only the journal room knows what engine stands behind it and which files it takes; the others
// hand the locator on. Today it is a file of this machine.
struct journal_locator {
    std::filesystem::path file;  // absolute

    // For messages.
    [[nodiscard]] std::string text() const { return file.string(); }

    friend bool operator==(const journal_locator&, const journal_locator&) = default;
};

}  // namespace baseload
