#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace baseload {

// A file for people and programs, written whole or not at all: without a name until close() puts it in its place, so
// that a process that is killed leaves nothing; what stood there before stands until then. A device or a pipe is
// written to as it comes. Readable by its owner alone, since it holds customers, or by those who could read what
// stood there before. Does not throw but for memory: problem() says what went wrong.
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
    void open_beside();
    void take_name();
    void fail();

    std::filesystem::path place_;
    std::string name_;  // until it is in its place
    bool is_nameless_ = false;
    int descriptor_ = -1;
    std::string problem_;
};

}  // namespace baseload
