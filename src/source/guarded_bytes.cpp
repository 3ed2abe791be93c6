#include "guarded_bytes.hpp"

#include "baseload/core/stop.hpp"
#include "baseload/core/utf8.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace baseload {
namespace {

// How many bytes at the end of the text begin a character that goes on after it.
std::size_t unfinished_tail(std::string_view text) {
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
        if (const std::size_t bytes = character_bytes(text[text.size() - back])) {
            return bytes > back ? back : 0;
        }
    }
    return 0;
}

// Where the first invalid byte is.
std::size_t first_invalid(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        if (next_character(text, at) < 0) {
            return begin;
        }
    }
    return text.size();
}

}  // namespace

int guarded_bytes::read(char* buffer, int size) {
    if (ended_) {
        return 0;
    }
    const auto wanted = static_cast<std::size_t>(size);
    std::size_t count = file_.read_at(offset_, buffer, wanted);
    const bool last = count < wanted;
    if (const void* nul = std::memchr(buffer, 0, count)) {
        refuse(offset_ + static_cast<std::size_t>(static_cast<const char*>(nul) - buffer),
               "a NUL byte, which no text has; is it a spreadsheet, or UTF-16? Save it as CSV in UTF-8");
    }
    check_text(buffer, count, last);
    offset_ += count;
    if (count > 0) {
        line_is_open_ = buffer[count - 1] != '\n';
    }
    if (last) {
        ended_ = true;
        if (line_is_open_) {
            buffer[count++] = '\n';
        }
    }
    return static_cast<int>(count);
}

void guarded_bytes::check_text(const char* bytes, std::size_t count, bool last) {
    std::string_view text(bytes, count);
    if (!unfinished_.empty()) {
        // The cut character, put together again.
        const std::size_t whole = character_bytes(unfinished_[0]);
        const std::size_t missing = std::min(whole - unfinished_.size(), text.size());
        const std::uint64_t begin = offset_ - unfinished_.size();
        unfinished_.append(text.substr(0, missing));
        if (unfinished_.size() < whole && !last) {
            return;
        }
        if (!simdjson::validate_utf8(unfinished_.data(), unfinished_.size())) {
            refuse_encoding(begin + first_invalid(unfinished_));
        }
        unfinished_.clear();
        text.remove_prefix(missing);
    }
    const std::size_t tail = last ? 0 : unfinished_tail(text);
    const std::string_view finished = text.substr(0, text.size() - tail);
    if (!simdjson::validate_utf8(finished.data(), finished.size())) {
        refuse_encoding(offset_ + (count - text.size()) + first_invalid(finished));
    }
    unfinished_ = text.substr(finished.size());
}

void guarded_bytes::refuse(std::uint64_t offset, const std::string& problem) const {
    // The line is counted now, for the message alone: the file is read again to there.
    std::uint64_t line = 1;
    std::uint64_t line_begin = 0;
    std::array<char, 65536> buffer{};
    for (std::uint64_t at = 0; at < offset;) {
        const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), offset - at));
        const std::size_t count = file_.read_at(at, buffer.data(), wanted);
        if (count == 0) {
            break;
        }
        for (std::size_t i = 0; i < count; ++i) {
            if (buffer[i] == '\n') {
                ++line;
                line_begin = at + i + 1;
            }
        }
        at += count;
    }
    throw stop(exit_code::usage, fmt::format("{}, line {}, byte {} of the line: {}", file_.name(), line,
                                             offset - line_begin + 1, problem));
}

void guarded_bytes::refuse_encoding(std::uint64_t offset) const {
    char byte = 0;
    static_cast<void>(file_.read_at(offset, &byte, 1));
    refuse(offset, fmt::format("byte 0x{:02X} is not UTF-8; save the file as UTF-8 (from windows-1250: iconv -f "
                               "WINDOWS-1250 -t UTF-8)",
                               static_cast<unsigned char>(byte)));
}

}  // namespace baseload
