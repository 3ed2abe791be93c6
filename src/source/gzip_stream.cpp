#include "source/gzip_stream.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} * 1024;
// 16 asks zlib for gzip's frame and none else; it then checks length and CRC-32 of each member (RFC 1952).
constexpr int gzip_window = 16 + MAX_WBITS;
// zlib counts in 32 bits, and a caller may ask for more than that.
constexpr std::size_t max_at_once = std::size_t{1} << 30U;

}  // namespace

gzip_stream::gzip_stream(std::unique_ptr<byte_stream> packed, std::string name)
    : packed_(std::move(packed)), name_(std::move(name)), buffer_(buffer_size) {
    if (::inflateInit2(&state_, gzip_window) != Z_OK) {
        throw std::bad_alloc();
    }
}

gzip_stream::~gzip_stream() {
    ::inflateEnd(&state_);
}

// False at the end of the packed bytes, which is the end of the content only between two members.
bool gzip_stream::refill() {
    const std::size_t count = packed_->read(buffer_.data(), buffer_.size());
    state_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
    state_.avail_in = static_cast<uInt>(count);
    return count > 0;
}

std::size_t gzip_stream::read(char* into, std::size_t count) {
    count = std::min(count, max_at_once);
    // Precondition: `into` has room for `count` bytes. Fills all of it, as byte_stream promises.
    state_.next_out = reinterpret_cast<Bytef*>(into);
    state_.avail_out = static_cast<uInt>(count);
    while (state_.avail_out > 0) {
        if (state_.avail_in == 0 && !refill()) {
            if (!between_members_) {
                refuse("it ends before its content does");
            }
            break;
        }
        // Members that follow each other are one content (RFC 1952, 2.2). The next is begun only when there are bytes
        // for it.
        if (between_members_) {
            ::inflateReset(&state_);
            between_members_ = false;
        }
        const int result = ::inflate(&state_, Z_NO_FLUSH);
        if (result == Z_STREAM_END) {
            between_members_ = true;
            // Z_BUF_ERROR only asks for more bytes or more room.
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            refuse(state_.msg != nullptr ? state_.msg : "its content makes no sense");
        }
    }
    return count - state_.avail_out;
}

void gzip_stream::refuse(const std::string& problem) const {
    throw command_error(exit_code::usage,
                        fmt::format("{}: is a broken gzip file ({}); fetch or export it again", name_, problem));
}

}  // namespace baseload
