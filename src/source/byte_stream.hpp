#pragma once

#include "baseload/source/input_file.hpp"

#include <cstddef>
#include <cstdint>

namespace baseload {

// A source's bytes, from front to back; unpacked or decoded on the way as its kind has it.
class byte_stream {
public:
    virtual ~byte_stream() = default;

    // Fills `into` up to `count` bytes; fewer only at the end. Throws command_error for what cannot
    // be read.
    [[nodiscard]] virtual std::size_t read(char* into, std::size_t count) = 0;
};

// The bytes of a file as they stand.
class file_stream final : public byte_stream {
public:
    explicit file_stream(const input_file& file) : file_(file) {}

    [[nodiscard]] std::size_t read(char* into, std::size_t count) override {
        const std::size_t filled = file_.read_at(offset_, into, count);
        offset_ += filled;
        return filled;
    }

private:
    const input_file& file_;
    std::uint64_t offset_ = 0;
};

}  // namespace baseload
