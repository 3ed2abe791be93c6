#include "source/csv/guarded_bytes.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/utf8.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <string_view>

namespace baseload {
namespace {

// How many bytes at the end of the text begin a character that goes on after it.
std::size_t unfinished_tail(std::string_view text) {
    // Up to three bytes of a character can be missing (RFC 3629), so three are looked at.
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        if (const std::size_t bytes = character_bytes(text[text.size() - back])) {
            return bytes > back ? back : 0;
        }
    }
    return 0;
}

// Where the first invalid byte is.
// Called only where simdjson has found that there is one: it says whether, and not where.
std::size_t first_invalid(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (next_character(text, at) < 0) {
            return begin;
        }
    }
    return text.size();
}

// By memchr, which a compiler's loop over the characters does not match.
std::uint64_t count_breaks(std::string_view text) {
    std::uint64_t count = 0;
    for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
        ++count;
    }
    return count;
}

}  // namespace

// Precondition of LineReader: buffers are full until the end. It takes a buffer that is not for the last, and would
// lose what follows.
int guarded_bytes::read(char* buffer, int size) {
    if (ended_) {
        return 0;
    }
    const auto wanted = static_cast<std::size_t>(size);
    std::size_t count = bytes_->read(buffer, wanted);
    const bool last = count < wanted;
    if (cr_line_ends_) {
        // Before the check, since a byte of a longer character is never a CR.
        std::replace(buffer, buffer + count, '\r', '\n');
    }
    const std::string_view text(buffer, count);
    // LineReader's lines are C strings: a NUL would cut its line off without a word.
    if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
        refuse(text, nul, "a NUL byte, which no text has; is the file damaged, or no text at all?");
    }
    // Every byte of every source goes through here, hence simdjson and no walk over characters.
    check_text(text, last);
    if (const std::size_t last_break = text.rfind('\n'); last_break != std::string_view::npos) {
        lines_ += count_breaks(text);
        line_bytes_ = count - last_break - 1;
    } else {
        line_bytes_ += count;
    }
    if (count > 0) {
        line_is_open_ = buffer[count - 1] != '\n';
    }
    if (last) {
        ended_ = true;
        if (line_is_open_) {
            // There is room: the end is where fewer bytes than `size` came. LineReader would drop the last line without
            // it.
            buffer[count++] = '\n';
            ends_open_->store(true);
        }
    }
    return static_cast<int>(count);
}

void guarded_bytes::check_text(std::string_view read, bool last) {
    std::string_view text = read;
    if (!unfinished_.empty()) {
        // The cut character, put together again. What is wrong with it is told at its first
        // byte in this buffer.
        const std::size_t whole = character_bytes(unfinished_[0]);
        const std::size_t missing = std::min(whole - unfinished_.size(), text.size());
        const std::size_t before = unfinished_.size();
        unfinished_.append(text.substr(0, missing));
        // Still not whole: a buffer of one or two bytes.
        if (unfinished_.size() < whole && !last) {
            return;
        }
        if (!simdjson::validate_utf8(unfinished_.data(), unfinished_.size())) {
            const std::size_t wrong = first_invalid(unfinished_);
            // The character began in the buffer before, so its bytes there are taken off the line's count again.
            line_bytes_ -= before;
            refuse_encoding(unfinished_, wrong, static_cast<unsigned char>(unfinished_[wrong]));
        }
        unfinished_.clear();
        text.remove_prefix(missing);
    }
    // At the end nothing follows: a cut character is a wrong one.
    const std::size_t tail = last ? 0 : unfinished_tail(text);
    const std::string_view finished = text.substr(0, text.size() - tail);
    if (!simdjson::validate_utf8(finished.data(), finished.size())) {
        const std::size_t at = (read.size() - text.size()) + first_invalid(finished);
        refuse_encoding(read, at, static_cast<unsigned char>(read[at]));
    }
    unfinished_ = text.substr(finished.size());
}

// `at` counts from the beginning of `read`, whose first line may have begun in buffers before.
void guarded_bytes::refuse(std::string_view read, std::size_t at, const std::string& problem) const {
    const std::string_view before = read.substr(0, at);
    const std::size_t last_break = before.rfind('\n');
    const std::uint64_t line = 1 + lines_ + count_breaks(before);
    const std::uint64_t byte = last_break == std::string_view::npos ? line_bytes_ + at : at - last_break - 1;
    throw command_error(exit_code::usage,
                        fmt::format("{}, line {}, byte {} of the line: {}", name_, line, byte + 1, problem));
}

void guarded_bytes::refuse_encoding(std::string_view read, std::size_t at, unsigned char byte) const {
    refuse(read, at,
           fmt::format(
               "byte 0x{:02X} is not UTF-8, as the text before it is; correct the file, or give its encoding if it "
               "has another: [source] encoding = \"windows-1250\"",
               byte));
}

}  // namespace baseload
