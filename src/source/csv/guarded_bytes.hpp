#pragma once

#include "source/byte_stream.hpp"

#include <libfccp/csv.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace baseload {

// The byte source under fast-cpp-csv-parser's LineReader, which trusts it blindly: it
// fills every buffer until the input ends, ends the input with a line break, makes line
// breaks of lone CRs where lines end so, and lets neither a NUL, nor invalid UTF-8, nor a
// read error pass. Called on LineReader's own thread; what it throws comes out of next_line().
class guarded_bytes : public io::ByteSourceBase {
public:
    // `ends_open` becomes true when the input ends without a line break: read on another thread, once all lines came.
    guarded_bytes(std::unique_ptr<byte_stream> bytes, std::string name, bool cr_line_ends,
                  std::shared_ptr<std::atomic<bool>> ends_open = std::make_shared<std::atomic<bool>>(false))
        : bytes_(std::move(bytes)), name_(std::move(name)), cr_line_ends_(cr_line_ends),
          ends_open_(std::move(ends_open)) {}

    int read(char* buffer, int size) override;

private:
    void check_text(std::string_view read, bool last);
    [[noreturn]] void refuse_encoding(std::string_view read, std::size_t at, unsigned char byte) const;
    [[noreturn]] void refuse(std::string_view read, std::size_t at, const std::string& problem) const;

    std::unique_ptr<byte_stream> bytes_;
    std::string name_;
    bool cr_line_ends_;
    std::uint64_t lines_ = 0;       // that ended in the buffers before this one
    std::uint64_t line_bytes_ = 0;  // of the open line in the buffers before this one
    std::string unfinished_;        // a character that the last buffer cut in two
    bool line_is_open_ = false;     // the last byte handed out was no line break
    bool ended_ = false;
    std::shared_ptr<std::atomic<bool>> ends_open_;
};

}  // namespace baseload
