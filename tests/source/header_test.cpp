#include "source/header.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace baseload;

TEST_CASE("every column gets a name of its own: by its place, or behind an equal one") {
    struct sample {
        std::vector<std::string_view> cells;
        std::vector<std::string> names;
        std::vector<std::string> repeated;
    };
    const sample samples[] = {
        {{" Kod ", "E-mail"}, {"Kod", "E-mail"}, {}},
        {{"Kod", "E-mail", ""}, {"Kod", "E-mail", "column C"}, {}},  // each line ends with a delimiter
        {{"", "Kod"}, {"column A", "Kod"}, {}},                      // an index
        {{"Telefon", "Kod", "Telefon ", "Telefon"}, {"Telefon", "Kod", "Telefon (2)", "Telefon (3)"}, {"Telefon"}},
        // What the header says itself is never made up a second time.
        {{"T", "T", "T (2)"}, {"T", "T (3)", "T (2)"}, {"T"}},
        {{"", "column A"}, {"column A (2)", "column A"}, {}},
        {{"Ulica\ni nr"}, {"Ulica i nr"}, {}},
    };
    for (const sample& s : samples) {
        const column_names found = names_of_header(s.cells);
        CHECK(found.names == s.names);
        CHECK(found.repeated == s.repeated);
    }
}

TEST_CASE("columns have the letters that spreadsheets give them") {
    CHECK(column_letters(0) == "A");
    CHECK(column_letters(25) == "Z");
    CHECK(column_letters(26) == "AA");
    CHECK(column_letters(16383) == "XFD");
}
