#pragma once

#include "baseload/core/rejection.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace baseload {

// The rejected rows as a CSV file that can be mended and loaded again with the same job:
// the source's own columns in its own dialect, then line, code and message. A source that
// is itself such a file gets them once. Throws stop(stopped) when it cannot be written.
class rejects_file {
public:
    rejects_file(std::filesystem::path path, const std::vector<std::string>& header, char delimiter);

    void add(const rejection& r);
    void close();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    void write(const std::vector<std::string>& cells);

    std::filesystem::path path_;
    char delimiter_;
    std::size_t columns_;  // of the source, without the three
    std::ofstream out_;
};

} // namespace baseload
