#pragma once

#include "baseload/source/input_file.hpp"

#include <libfccp/csv.h>

#include <cstdint>
#include <string>

namespace baseload {

// The byte source under fast-cpp-csv-parser's LineReader, which trusts it blindly: it
// fills every buffer until the input ends, ends the input with a line break, and lets
// neither a NUL, nor invalid UTF-8, nor a read error pass. Called on LineReader's own
// thread; what it throws comes out of next_line().
class guarded_bytes : public io::ByteSourceBase {
public:
    explicit guarded_bytes(const input_file& file) : file_(file) {}

    int read(char* buffer, int size) override;

private:
    void check_text(const char* bytes, std::size_t count, bool last);
    [[noreturn]] void refuse_encoding(std::uint64_t offset) const;
    [[noreturn]] void refuse(std::uint64_t offset, const std::string& problem) const;

    const input_file& file_;
    std::uint64_t offset_ = 0;   // of the next byte to read
    std::string unfinished_;     // a character that the last buffer cut in two
    bool line_is_open_ = false;  // the last byte handed out was no line break
    bool ended_ = false;
};

}  // namespace baseload
