#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace baseload {

// A file for people and programs, written whole or not at all: under a random name beside its place, and put there by
// close(); what stood there before stands until then. A device or a pipe is written to as it comes. Readable by its
// owner alone: it holds customers. Does not throw but for memory: problem() says what went wrong.
class output_file {
public:
    explicit output_file(const std::filesystem::path& path);
    ~output_file();  // without close(): leaves no trace
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    void write(std::string_view text);
    void close();

    // Why it could not be opened, written or put in its place; blank so far.
    [[nodiscard]] const std::string& problem() const { return problem_; }

private:
    void fail();

    std::filesystem::path place_;
    std::string name_;  // what is written to
    int descriptor_ = -1;
    std::string problem_;
};

}  // namespace baseload
