#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace baseload {

// Holds a journal for one run: an advisory lock (flock) on a file beside it, which the
// kernel drops when the process ends, however it ends. The file stays; its text names the
// holder.
class journal_lock {
public:
    // Throws command_error(journal_busy), naming the holder, or command_error(usage).
    explicit journal_lock(const std::filesystem::path& journal);
    ~journal_lock();
    journal_lock(const journal_lock&) = delete;
    journal_lock& operator=(const journal_lock&) = delete;

    // Writes the text behind the holder's, in place of the one before. What cannot be written is lost.
    void note(const std::string& text) const;

private:
    std::size_t holder_length_ = 0;
    int descriptor_ = -1;
};

struct lock_holder {
    std::string who;
    std::string note;  // blank: none yet
};

// Of the run that holds the journal; nothing where none does.
[[nodiscard]] std::optional<lock_holder> holder_of_lock(const std::filesystem::path& journal);

}  // namespace baseload
