#include "baseload/report/rejects_file.hpp"

#include "baseload/report/csv_text.hpp"
#include "baseload/source/csv/csv_source.hpp"
#include "baseload/source/open_records.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

using namespace baseload;

namespace {

rejection row(std::vector<std::string> cells, std::vector<fault> faults) {
    return {.line = 7, .cells = std::move(cells), .faults = std::move(faults)};
}

fault bad(fault_code code) {
    return {
        .code = code, .where = {"a.csv", 7, "Mail"}, .found = "x;\"y\"", .problem = "is wrong", .remedy = "mend it"};
}

std::vector<std::vector<std::string>> read_back(const std::filesystem::path& path) {
    const csv_source source(path, {.delimiter = ';'});
    const auto reader = source.read();
    std::vector<std::vector<std::string>> rows = {reader->header()};
    record r;
    while (reader->next(r)) {
        rows.emplace_back(r.cells.begin(), r.cells.end());
    }
    return rows;
}

}  // namespace

TEST_CASE("rejected rows load again with the columns they came with") {
    const test::temporary_folder folder;
    rejects_file rejects(folder / "r.csv", {"Kod", "Mail"}, ';');
    rejects.add(row({"K;1", "two\nlines \"quoted\""},
                    {bad(fault_code::bad_email), bad(fault_code::too_long), bad(fault_code::bad_email)}));
    rejects.close();
    const auto rows = read_back(folder / "r.csv");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0] == std::vector<std::string>{"Kod", "Mail", "line", "code", "message"});
    CHECK(rows[1][0] == "K;1");
    CHECK(rows[1][1] == "two\nlines \"quoted\"");
    CHECK(rows[1][2] == "7");
    CHECK(rows[1][3] == "bad_email too_long");
    CHECK(rows[1][4].find("column \"Mail\": ") == 0);
}

TEST_CASE("as a workbook they load again too, with their zeros and what would be a formula") {
    const test::temporary_folder folder;
    {
        rejects_file begun(folder / "r.xlsx", {"Kod", "Mail"}, ';');
        begun.add(row({"0012", "=1+1"}, {bad(fault_code::bad_email)}));
        CHECK_FALSE(std::filesystem::exists(folder / "r.xlsx"));  // not closed: it leaves nothing
    }
    rejects_file rejects(folder / "r.xlsx", {"Kod", "Mail"}, ';');
    rejects.add(row({"0012", "=1+1"}, {bad(fault_code::bad_email)}));
    rejects.add(row({"", "+48 600"}, {bad(fault_code::bad_email)}));
    rejects.close();
    // Whatever the job says of the sheet that it came from.
    const auto source = open_records(
        folder / "r.xlsx",
        {.csv = {}, .workbook = {.sheet = "Klienci", .header = {.skipped_lines = 3, .has_header = false}}});
    const auto reader = source->read();
    CHECK(reader->header() == std::vector<std::string>{"Kod", "Mail", "line", "code", "message"});
    record r;
    REQUIRE(reader->next(r));
    CHECK(r.cells[0] == "0012");
    CHECK(r.cells[1] == "=1+1");
    REQUIRE(reader->next(r));
    CHECK(r.cells[0].empty());
    CHECK(r.cells[1] == "+48 600");
    rejects_file too_long(folder / "r2.xlsx", {"Kod"}, ';');
    CHECK(test::contains(
        test::error_of([&] { too_long.add(row({std::string(40'000, 'x')}, {bad(fault_code::bad_email)})); }),
        "a CSV file takes it"));
}

TEST_CASE("a rejects file that is itself rejected gets the reasons once") {
    const test::temporary_folder folder;
    rejects_file rejects(folder / "r.csv", {"Kod", "line", "code", "message"}, ';');
    rejects.add(row({"K1", "3", "old_code", "old words"}, {bad(fault_code::bad_email)}));
    rejects.close();
    const auto rows = read_back(folder / "r.csv");
    CHECK(rows[0] == std::vector<std::string>{"Kod", "line", "code", "message"});
    CHECK(rows[1][1] == "7");
    CHECK(rows[1][2] == "bad_email");
}

TEST_CASE("a column of the source that is called like a reason keeps its name") {
    const test::temporary_folder folder;
    rejects_file rejects(folder / "r.csv", {"code", "Mail"}, ';');
    rejects.close();
    CHECK(read_back(folder / "r.csv")[0] ==
          std::vector<std::string>{"code", "Mail", "line", "baseload_code", "message"});
    // And the file is known for what it is: a part, which [missing] must not take for the whole.
    CHECK(is_rejects_header(read_back(folder / "r.csv")[0]));
    CHECK_FALSE(is_rejects_header({"code", "Mail", "line", "baseload_code", "note"}));
}

TEST_CASE("a ragged row keeps its cells, and stays ragged until somebody mends it") {
    const test::temporary_folder folder;
    rejects_file rejects(folder / "r.csv", {"a", "b"}, ';');
    rejects.add(row({"1", "2", "3", "4"}, {bad(fault_code::ragged)}));
    rejects.add(row({"1"}, {bad(fault_code::ragged)}));
    rejects.close();
    const auto rows = read_back(folder / "r.csv");
    REQUIRE(rows.size() == 3);
    CHECK(rows[1].size() == 7);
    CHECK(std::vector<std::string>(rows[1].begin(), rows[1].begin() + 5) ==
          std::vector<std::string>{"1", "2", "3", "4", "7"});
    CHECK(rows[2].size() == 4);
}

TEST_CASE("what an earlier run left stands until the new file is whole") {
    const test::temporary_folder folder;
    const auto path = folder.write("r.csv", "old");
    {
        rejects_file rejects(path, {"a", "b"}, ';');
        CHECK(std::filesystem::file_size(path) == 3);
    }
    CHECK(std::filesystem::file_size(path) == 3);
    CHECK_FALSE(std::filesystem::exists(folder / "r.csv.part"));
}

TEST_CASE("cells are quoted where they must be, and only there") {
    CHECK(csv_record({"a", "b c", ""}, ';') == "a;b c;\n");
    CHECK(csv_record({"a;b", "a,b"}, ';') == "\"a;b\";a,b\n");
    CHECK(csv_record({"x\ny", "\"", "r\r"}, ',') == "\"x\ny\",\"\"\"\",\"r\r\"\n");
    CHECK(csv_record({""}, ';') == "\"\"\n");
}

TEST_CASE("a rejects file that cannot be written is refused before anything is sent") {
    const test::temporary_folder folder;
    const std::string said = test::error_of([&] { rejects_file rejects(folder / "no/such/r.csv", {"a"}, ';'); });
    CHECK(test::contains(said, "--rejects"));
}
