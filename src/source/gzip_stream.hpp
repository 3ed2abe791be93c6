#pragma once

#include "source/byte_stream.hpp"

#include <zlib.h>

#include <memory>
#include <string>
#include <vector>

namespace baseload {

// A gzip file's content (RFC 1952), one member after the other, unpacked as it is read.
class gzip_stream final : public byte_stream {
public:
    gzip_stream(std::unique_ptr<byte_stream> packed, std::string name);
    ~gzip_stream() override;
    gzip_stream(const gzip_stream&) = delete;
    gzip_stream& operator=(const gzip_stream&) = delete;

    // Throws command_error(usage) for a file that is broken or cut off.
    [[nodiscard]] std::size_t read(char* into, std::size_t count) override;

private:
    [[nodiscard]] bool refill();
    [[noreturn]] void refuse(const std::string& problem) const;

    std::unique_ptr<byte_stream> packed_;
    std::string name_;
    std::vector<char> buffer_;
    z_stream state_{};
    bool between_members_ = false;
};

}  // namespace baseload
