#pragma once

#include "source/byte_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

// The texts that an .xlsx workbook's cells name by number, in one piece of memory: its limit
// is 1 GiB, beyond which the workbook is refused with the figure.
class shared_strings {
public:
    shared_strings() = default;

    // Reads xl/sharedStrings.xml. `name` is what messages call it.
    shared_strings(std::unique_ptr<byte_stream> bytes, const std::string& name);

    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    [[nodiscard]] std::string_view at(std::size_t index) const {
        const std::uint32_t begin = index == 0 ? 0 : ends_[index - 1];
        return std::string_view(texts_).substr(begin, ends_[index] - begin);
    }

private:
    std::string texts_;
    std::vector<std::uint32_t> ends_;
};

// Undoes the escapes of a text in an .xlsx file (_x000D_, ECMA-376 part 1, 22.9.2.19), and
// makes '\n' of every line break.
void unescape_text(std::string& text, std::size_t from = 0);

}  // namespace baseload
