#include "baseload/source/csv/csv_source.hpp"
#include "baseload/source/open_records.hpp"

#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

std::string refusal_of(const std::filesystem::path& path) {
    return error_of([&] { static_cast<void>(open_records(path)); });
}

}  // namespace

TEST_CASE("both passes read the same file, even when its name meanwhile points to another") {
    const test::temporary_folder folder;
    const auto path = folder.write("a.csv", "a;b\n1;2\n");
    const csv_source source(path);
    std::filesystem::rename(folder.write("new.csv", "a;b\n8;9\n"), path);
    for (int pass = 0; pass < 2; ++pass) {
        const auto reader = source.read();
        record r;
        REQUIRE(reader->next(r));
        CHECK(r.cells[0] == "1");
        CHECK_FALSE(reader->next(r));
    }
}

TEST_CASE("a delimiter that the job gives is not second-guessed") {
    const test::temporary_folder folder;
    const csv_source source(folder.write("a.csv", "a,b;c\n1,2;3\n"), {.delimiter = ','});
    CHECK(source.read()->header() == std::vector<std::string>{"a", "b;c"});
}

TEST_CASE("what is no CSV file is called by its name") {
    const test::temporary_folder folder;
    CHECK(contains(refusal_of(folder / "absent.csv"), "cannot be opened (No such file or directory)"));
    CHECK(contains(refusal_of(folder / "."), "is a directory"));
    CHECK(contains(refusal_of(folder.write("e.csv", "")), "is empty"));
    CHECK(contains(refusal_of(folder.write("x.csv", "PK\x03\x04rest")), "a broken or hostile zip file"));
    CHECK(contains(refusal_of(folder.write("x.xls", "\xD0\xCF\x11\xE0\xA1")), "no workbook"));
    CHECK(contains(refusal_of(folder.write("x.xls", "<html><table>")), "a web page, though its name ends in .xls"));
    CHECK(contains(refusal_of(folder.write("t.csv", "a;b,c\n1;2,3\n")), "semicolon and comma fit equally well"));
    CHECK(contains(refusal_of("/dev/null"), "a device or a pipe"));
}

TEST_CASE("a file of nothing but delimiters is empty, whichever they are") {
    const test::temporary_folder folder;
    for (const char* text : {"", "\n\n", ";;\n;;\n", ",,\r\n,,\r\n", "\"\",\"\"\n", "\t\t\n"}) {
        CAPTURE(text);
        const auto path = folder.write("a.csv", text);
        CHECK(contains(error_of([&] { static_cast<void>(csv_source(path).read()); }), "is empty"));
    }
}
