#include "baseload/source/combined_source.hpp"

#include "baseload/source/open_records.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

namespace baseload {
namespace {

std::unique_ptr<record_source> combined(const std::vector<std::filesystem::path>& files) {
    std::vector<std::unique_ptr<record_source>> sources;
    for (const std::filesystem::path& file : files) {
        sources.push_back(open_records(file));
    }
    return combined_source(std::move(sources));
}

// The cells joined by "|", a record a text, each led by its line as people are told it.
std::vector<std::string> rows_of(const record_source& source) {
    const auto reader = source.read();
    const auto places = source.places();
    std::vector<std::string> rows;
    for (record row; reader->next(row);) {
        const source_line own = places->at(row.line);
        std::string text = std::filesystem::path(own.file).filename().string() + ":" + std::to_string(own.line) + " ";
        for (const std::string_view cell : row.cells) {
            text += std::string(cell) + "|";
        }
        rows.push_back(std::move(text));
    }
    return rows;
}

}  // namespace

TEST_CASE("cells come in the order of the first header, whatever a later file's dialect and columns are") {
    const test::temporary_folder folder;
    const auto source = combined({folder.write("a.csv", "Kod;Mail;Uwagi\nK1;a;x\n\nK2;\"b\nc\";y\n"),
                                  folder.write("b.csv", "Uwagi,Miasto,Kod\n\"x,y\",Kielce,K3\ntoo,few\na,b,c,d\n"),
                                  folder.write("c.csv", "Kod;Mail;Uwagi\nK4;d;z\n")});
    const std::vector<std::string> expected = {"a.csv:2 K1|a|x|", "a.csv:4 K2|b\nc|y|", "b.csv:2 K3||x,y|",
                                               // A row of another shape stays one.
                                               "b.csv:3 too|few|", "b.csv:4 a|b|c|d|", "c.csv:2 K4|d|z|"};
    CHECK(rows_of(*source) == expected);
    // The second pass knows the same lines.
    CHECK(rows_of(*source) == expected);
    CHECK(source->places()->word(6) == (folder / "b.csv").string() + ":2");
    CHECK(source->parts().size() == 3);
}

TEST_CASE("equal cells make an equal record, in whatever file they are") {
    const test::temporary_folder folder;
    const auto source =
        combined({folder.write("a.csv", "Kod;Mail\nK1;a\n"), folder.write("b.csv", "Mail\tKod\na\tK1\n"),
                  folder.write("c.csv", "Kod,Mail\n\"K1\",a\n")});
    const auto reader = source->read();
    std::map<std::string, int> raws;
    for (record row; reader->next(row);) {
        ++raws[std::string(row.raw)];
    }
    CHECK(raws.size() == 1);
}

TEST_CASE("the end of any file may be cut off") {
    const test::temporary_folder folder;
    const auto source = combined({folder.write("a.csv", "Kod\nK1\nK2"), folder.write("b.csv", "Kod\nK3\n")});
    const auto reader = source->read();
    for (record row; reader->next(row);) {
    }
    REQUIRE(reader->open_end());
    CHECK(source->places()->at(*reader->open_end()).file == (folder / "a.csv").string());
    CHECK(source->places()->at(*reader->open_end()).line == 3);
}

}  // namespace baseload
