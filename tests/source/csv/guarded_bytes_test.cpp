#include "source/csv/guarded_bytes.hpp"

#include "source/csv/csv_reader.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

// Everything the source hands out, read in buffers of `size`.
std::string drain(const std::string& bytes, int size) {
    const test::temporary_folder folder;
    const input_file file(folder.write("a.csv", bytes));
    guarded_bytes source(std::make_unique<file_stream>(file), file.name(), false);
    std::string all;
    std::vector<char> buffer(static_cast<std::size_t>(size));
    for (;;) {
        const int count = source.read(buffer.data(), size);
        if (count == 0) {
            return all;
        }
        all.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

}  // namespace

TEST_CASE("every buffer is filled until the input ends, and the input ends with a line break") {
    const test::temporary_folder folder;
    const input_file file(folder.write("a.csv", "abcdefgh"));
    guarded_bytes source(std::make_unique<file_stream>(file), file.name(), false);
    char buffer[8] = {};
    CHECK(source.read(buffer, 3) == 3);
    CHECK(source.read(buffer, 3) == 3);
    CHECK(source.read(buffer, 3) == 3);  // "gh" and the line break
    CHECK(std::string(buffer, 3) == "gh\n");
    CHECK(source.read(buffer, 3) == 0);
}

TEST_CASE("a line break is added only where none is, whatever the buffer's size") {
    for (int size = 1; size < 12; ++size) {
        CAPTURE(size);
        CHECK(drain("ab\ncd\n", size) == "ab\ncd\n");
        CHECK(drain("ab\ncd", size) == "ab\ncd\n");
        CHECK(drain("", size).empty());
    }
}

TEST_CASE("characters that a buffer's end cuts in two are whole characters") {
    for (int size = 1; size < 12; ++size) {
        CAPTURE(size);
        CHECK(drain("Zażółć 😀 €\n", size) == "Zażółć 😀 €\n");
    }
}

TEST_CASE("a byte that is not UTF-8 is named with its line, wherever the buffers end") {
    for (int size = 1; size < 12; ++size) {
        CAPTURE(size);
        const std::string said = error_of([&] { static_cast<void>(drain("ab\nZa\xBF\xF3\n", size)); });
        CHECK(contains(said, "line 2, byte 3 of the line: byte 0xBF is not UTF-8"));
        CHECK(contains(said, "[source] encoding"));
        CHECK(contains(error_of([&] { static_cast<void>(drain("ab\xC5", size)); }), "line 1, byte 3"));
        CHECK(contains(error_of([&] { static_cast<void>(drain("\xED\xA0\x80", size)); }),
                       "is not UTF-8"));  // a surrogate
    }
}

TEST_CASE("a NUL is named instead of cutting its line off") {
    const std::string said = error_of([] { static_cast<void>(drain(std::string("a;b\n1\0;2\n", 9), 64)); });
    CHECK(contains(said, "line 2, byte 2 of the line: a NUL byte"));
}

TEST_CASE("a file over 48 MiB without a last line break loses and adds no line") {
    const test::temporary_folder folder;
    std::string bytes = "kod;uwagi\n";
    std::size_t rows = 0;
    while (bytes.size() < 50 * mebibyte) {
        bytes += fmt::format("{};wiersz ze zwykłym tekstem\n", rows++);
    }
    bytes += "last;bez końca";
    const input_file file(folder.write("a.csv", bytes));
    csv_reader reader(std::make_unique<file_stream>(file), file.name(), {';'});
    record r;
    std::size_t read = 0;
    std::string last;
    while (reader.next(r)) {
        last = r.cells[0];
        if (last != "last") {
            REQUIRE(last == std::to_string(read));
        }
        ++read;
    }
    CHECK(read == rows + 1);
    CHECK(last == "last");
}

TEST_CASE("the exact sizes of fast-cpp-csv-parser's buffers are no edge") {
    // It reads 32 MiB first and 16 MiB at a time after that.
    for (const std::size_t size : {32 * mebibyte - 1, 32 * mebibyte, 48 * mebibyte, 48 * mebibyte + 1}) {
        for (const bool ended : {true, false}) {
            CAPTURE(size);
            CAPTURE(ended);
            const test::temporary_folder folder;
            std::string bytes = "a;b\n";
            std::size_t rows = 0;
            while (bytes.size() + 2000 < size) {
                bytes += std::string(1021, 'x') + ";y\n";
                ++rows;
            }
            bytes += std::string(size - bytes.size() - (ended ? 3 : 2), 'z') + (ended ? ";z\n" : ";z");
            ++rows;
            REQUIRE(bytes.size() == size);
            const input_file file(folder.write("a.csv", bytes));
            csv_reader reader(std::make_unique<file_stream>(file), file.name(), {';'});
            record r;
            std::size_t read = 0;
            while (reader.next(r)) {
                REQUIRE(r.cells.size() == 2);
                ++read;
            }
            CHECK(read == rows);
        }
    }
}

TEST_CASE("a line of 16 MiB less one byte is read, a longer one is refused with its number") {
    const test::temporary_folder folder;
    const std::string longest = std::string(16 * mebibyte - 3, 'x') + ";y";
    const input_file fits(folder.write("fits.csv", "a;b\n" + longest + "\n"));
    csv_reader fitting(std::make_unique<file_stream>(fits), fits.name(), {';'});
    record whole;
    REQUIRE(fitting.next(whole));
    CHECK(whole.raw == longest);
    const input_file file(folder.write("a.csv", "a;b\n1;2\n" + std::string(17 * mebibyte, 'x') + ";y\n"));
    csv_reader reader(std::make_unique<file_stream>(file), file.name(), {';'});
    record r;
    REQUIRE(reader.next(r));
    CHECK(contains(error_of([&] { static_cast<void>(reader.next(r)); }), "line 3: is longer than 16 MiB"));
}

TEST_CASE("a read error is not taken for the end of the file, on whatever thread it happens") {
    const test::temporary_folder folder;
    std::string bytes = "a;b\n";
    while (bytes.size() < 100 * mebibyte) {
        bytes += std::string(1021, 'x') + ";y\n";
    }
    const auto path = folder.write("a.csv", bytes);
    const input_file file(path);
    csv_reader reader(std::make_unique<file_stream>(file), file.name(), {';'});
    // The source's descriptor now leads to something that cannot be read, as a disk that went away.
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code ignored;
        if (std::filesystem::read_symlink(entry.path(), ignored) == path) {
            const int unreadable = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
            REQUIRE(::dup2(unreadable, std::stoi(entry.path().filename().string())) >= 0);
            ::close(unreadable);
        }
    }
    record r;
    const std::string said = error_of([&] {
        while (reader.next(r)) {
        }
    });
    CHECK(contains(said, "reading failed at byte"));
    CHECK(contains(said, "Bad file descriptor"));
}
