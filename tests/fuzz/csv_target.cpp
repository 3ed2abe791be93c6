// Bytes as a CSV source: the signature, the sniffer, the guarded bytes and the record reader.
// Broken ones must be refused by a stop; whatever is read is UTF-8 and has its line.
#include "baseload/core/command_error.hpp"
#include "baseload/core/utf8.hpp"
#include "baseload/source/csv/csv_source.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

void expect(bool true_always) {
    if (!true_always) {
        std::abort();
    }
}

void expect_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        expect(baseload::next_character(text, at) >= 0);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    const int file = ::memfd_create("source", 0);
    expect(::write(file, bytes, count) == static_cast<ssize_t>(count));
    try {
        const baseload::csv_source source("/proc/self/fd/" + std::to_string(file));
        const auto reader = source.read();
        expect(!reader->header().empty());
        baseload::record row;
        std::uint64_t line = 0;
        while (reader->next(row)) {
            expect(row.line > line);
            line = row.line;
            expect(!row.cells.empty());
            expect_utf8(row.raw);
            for (const std::string_view cell : row.cells) {
                expect_utf8(cell);
            }
        }
    } catch (const baseload::command_error&) {
        // Refused, with words.
    }
    ::close(file);
    return 0;
}
