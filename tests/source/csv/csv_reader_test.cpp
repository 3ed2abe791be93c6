#include "source/csv/csv_reader.hpp"

#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

struct row {
    std::uint64_t line;
    std::vector<std::string> cells;
    std::string raw;
};

std::vector<row> read_all(const std::string& bytes, char delimiter = ';') {
    const test::temporary_folder folder;
    const input_file file(folder.write("a.csv", bytes));
    csv_reader reader(std::make_unique<file_stream>(file), file.name(), {delimiter});
    std::vector<row> rows;
    record r;
    while (reader.next(r)) {
        rows.push_back({r.line, {r.cells.begin(), r.cells.end()}, std::string(r.raw)});
    }
    return rows;
}

std::string complaint(const std::string& bytes) {
    return error_of([&] { static_cast<void>(read_all(bytes)); });
}

}  // namespace

TEST_CASE("records are lines, and cells are what stands between delimiters") {
    const auto rows = read_all("a;b;c\n1;;3\n;;x\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].cells == std::vector<std::string>{"1", "", "3"});
    CHECK(rows[0].line == 2);
    CHECK(rows[0].raw == "1;;3");
    CHECK(rows[1].cells == std::vector<std::string>{"", "", "x"});
}

TEST_CASE("line ends are LF or CRLF, and the last one may be missing") {
    for (const char* bytes : {"a;b\n1;2\n", "a;b\r\n1;2\r\n", "a;b\n1;2", "a;b\r\n1;2",
                              "\xEF\xBB\xBF"
                              "a;b\n1;2\n"}) {
        CAPTURE(bytes);
        const test::temporary_folder folder;
        const input_file file(folder.write("a.csv", bytes));
        csv_reader reader(std::make_unique<file_stream>(file), file.name(), {';'});
        CHECK(reader.header() == std::vector<std::string>{"a", "b"});
        record r;
        REQUIRE(reader.next(r));
        CHECK(r.cells == std::vector<std::string_view>{"1", "2"});
        CHECK_FALSE(reader.next(r));
    }
}

TEST_CASE("quotes hold delimiters, doubled quotes and line breaks") {
    const auto rows = read_all("a;b;c\n\"x;y\";\"say \"\"hi\"\"\";\"\"\nA;\"one\r\ntwo\n\nthree\";B\nC;D;E\n");
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].cells == std::vector<std::string>{"x;y", "say \"hi\"", ""});
    CHECK(rows[1].cells == std::vector<std::string>{"A", "one\ntwo\n\nthree", "B"});
    CHECK(rows[1].line == 3);
    CHECK(rows[2].cells == std::vector<std::string>{"C", "D", "E"});
    CHECK(rows[2].line == 7);
}

TEST_CASE("a cell may begin with a quote anywhere in the record") {
    const auto rows = read_all("a;b\n\"\"\"\";\"\"\n\"last\nline\";\"x\"");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].cells == std::vector<std::string>{"\"", ""});
    CHECK(rows[1].cells == std::vector<std::string>{"last\nline", "x"});
}

TEST_CASE("blank lines and lines of delimiters alone are no records, but keep their numbers") {
    const auto rows = read_all("a;b\n\n1;2\n;;;\n ; \n\r\n3;4\n\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].line == 3);
    CHECK(rows[1].line == 7);
}

TEST_CASE("blank cells in quotes are no record either") {
    const auto rows = read_all("a;b\n\"\";\"\"\n\" \n\";\n\"\";x\n");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].line == 5);
    CHECK(rows[0].cells == std::vector<std::string>{"", "x"});
}

TEST_CASE("ragged rows come as they are: to judge them is the mapping's business") {
    const auto rows = read_all("a;b\n1\n1;2;3\n");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].cells.size() == 1);
    CHECK(rows[1].cells.size() == 3);
}

TEST_CASE("a quote where there can be none is refused with line and character") {
    CHECK(
        contains(complaint("a;b\n1;2\nżół;5\" rura\nx;\"y\"\n"), "line 3, character 6: a quote stands inside a cell"));
    CHECK(contains(complaint("a;b\n1;\"x\"y\n"), "line 2, character 6: text follows a closing quote"));
    CHECK(contains(complaint("a;b\n\"one\ntwo\"x;2\n"), "line 3, character 5: text follows a closing quote"));
    CHECK(contains(complaint("a;b\n1;2\n3;\"open\n4;5\n"),
                   "line 3, character 3: a quote is opened here and never closed"));
}

TEST_CASE("a source of nothing but line breaks is empty") {
    CHECK(contains(complaint("\n\n"), "is empty"));
}

TEST_CASE("an unclosed quote does not swallow a large file whole") {
    std::string bytes = "a;b\n1;\"open\n";
    while (bytes.size() < std::size_t{20} * 1024 * 1024) {
        bytes += "2;some more text that stands on its own line\n";
    }
    CHECK(contains(complaint(bytes), "line 2, character 3: a quote is opened here and never closed"));
}

TEST_CASE("relaxed, a quote out of place is a letter, as Excel reads it") {
    struct sample {
        const char* line;
        std::vector<std::string> cells;
    };
    const sample samples[] = {
        {"rura 3\";x", {"rura 3\"", "x"}},     {"\"abc\"def;x", {"abcdef", "x"}},
        {"\"abc\"d\"ef;x", {"abcd\"ef", "x"}}, {"\"a;b\";x", {"a;b", "x"}},
        {"\"a\"\"b\";x", {"a\"b", "x"}},       {"5\" x 3\";\"y\nz\"", {"5\" x 3\"", "y\nz"}},
    };
    const test::temporary_folder folder;
    for (const sample& s : samples) {
        CAPTURE(s.line);
        const input_file file(folder.write("a.csv", std::string("a;b\n") + s.line + "\n"));
        csv_reader reader(std::make_unique<file_stream>(file), file.name(), {.delimiter = ';', .relaxed = true});
        record r;
        REQUIRE(reader.next(r));
        CHECK(std::vector<std::string>(r.cells.begin(), r.cells.end()) == s.cells);
        CHECK_FALSE(reader.next(r));
    }
    const input_file open(folder.write("b.csv", "a;b\n\"never closed;x\n1;2\n"));
    csv_reader reader(std::make_unique<file_stream>(open), open.name(), {.delimiter = ';', .relaxed = true});
    record r;
    CHECK(test::contains(test::error_of([&] { static_cast<void>(reader.next(r)); }), "never closed"));
}

TEST_CASE("without quotes, and with single ones") {
    const test::temporary_folder folder;
    const input_file none(folder.write("a.csv", "a;b\n\"x;3\"\n"));
    csv_reader plain(std::make_unique<file_stream>(none), none.name(), {.delimiter = ';', .quote = '\0'});
    record r;
    REQUIRE(plain.next(r));
    CHECK(std::vector<std::string>(r.cells.begin(), r.cells.end()) == std::vector<std::string>{"\"x", "3\""});
    const input_file single(folder.write("b.csv", "'a';'b'\n'x;\"';'O''Brien'\n"));
    csv_reader quoted(std::make_unique<file_stream>(single), single.name(), {.delimiter = ';', .quote = '\''});
    REQUIRE(quoted.next(r));
    CHECK(std::vector<std::string>(r.cells.begin(), r.cells.end()) == std::vector<std::string>{"x;\"", "O'Brien"});
}

TEST_CASE("an escape takes the meaning from the character behind it") {
    struct sample {
        const char* line;
        std::vector<std::string> cells;
    };
    const sample samples[] = {
        {"\"a\\\"b\";x", {"a\"b", "x"}},
        {"a\\;b;x", {"a;b", "x"}},
        {"a\\\nb;x", {"a\nb", "x"}},
        {"a\\nb;x", {"a\nb", "x"}},
        {"\\N;x", {"", "x"}},
        {"\\NIP;x", {"NIP", "x"}},
        {"\"C:\\\\dane\\\\\";x", {"C:\\dane\\", "x"}},
        {"\"a\"\"b\";x", {"a\"b", "x"}},
        {"\"a;\nb\";x", {"a;\nb", "x"}},
        {"x\"y;z", {"x\"y", "z"}},
        {"k;\\tm", {"k", "\tm"}},
    };
    const test::temporary_folder folder;
    for (const sample& s : samples) {
        CAPTURE(s.line);
        const input_file file(folder.write("a.csv", std::string("a;b\n") + s.line + "\nende;x\n"));
        csv_reader reader(std::make_unique<file_stream>(file), file.name(), {.delimiter = ';', .escape = '\\'});
        record r;
        REQUIRE(reader.next(r));
        CHECK(std::vector<std::string>(r.cells.begin(), r.cells.end()) == s.cells);
        REQUIRE(reader.next(r));
        CHECK(r.cells[0] == "ende");
        CHECK_FALSE(reader.next(r));
    }
}

TEST_CASE("padded, only blank cells at the end are added or taken away") {
    const test::temporary_folder folder;
    const input_file file(folder.write("a.csv", "a;b;c\n1\n1;2;3;;\n1;2;3;4\n"));
    csv_reader reader(std::make_unique<file_stream>(file), file.name(), {.delimiter = ';', .pad = true});
    record r;
    REQUIRE(reader.next(r));
    CHECK(r.cells.size() == 3);
    CHECK(r.cells[2].empty());
    REQUIRE(reader.next(r));
    CHECK(r.cells.size() == 3);
    REQUIRE(reader.next(r));
    CHECK(r.cells.size() == 4);
}
