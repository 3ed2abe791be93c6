#pragma once

#include <filesystem>

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

private:
    int descriptor_ = -1;
};

}  // namespace baseload
