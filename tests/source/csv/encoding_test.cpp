#include "baseload/source/csv/encoding.hpp"

#include "baseload/source/csv/csv_source.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <zlib.h>

#include <vector>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

std::string encoded(const std::string& utf8, const char* encoding) {
    const icu::UnicodeString wide = icu::UnicodeString::fromUTF8(utf8);
    std::string bytes(utf8.size() * 4 + 4, '\0');
    bytes.resize(static_cast<std::size_t>(
        wide.extract(0, wide.length(), bytes.data(), static_cast<std::uint32_t>(bytes.size()), encoding)));
    return bytes;
}

std::string zipped(const std::string& bytes) {
    std::string packed(bytes.size() + 1000, '\0');
    z_stream state{};
    REQUIRE(deflateInit2(&state, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    std::string input = bytes;
    state.next_in = reinterpret_cast<Bytef*>(input.data());
    state.avail_in = static_cast<uInt>(input.size());
    state.next_out = reinterpret_cast<Bytef*>(packed.data());
    state.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflate(&state, Z_FINISH) == Z_STREAM_END);
    packed.resize(state.total_out);
    deflateEnd(&state);
    return packed;
}

std::vector<std::vector<std::string>> cells_of(const csv_source& source) {
    const auto reader = source.read();
    std::vector<std::vector<std::string>> all{reader->header()};
    record row;
    while (reader->next(row)) {
        all.emplace_back(row.cells.begin(), row.cells.end());
    }
    return all;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

encoding_choice by_letters(const std::string& bytes) {
    byte_statistics statistics;
    statistics.add(bytes);
    return encoding_by_letters(statistics);
}

}  // namespace

TEST_CASE("every encoding, delimiter and line end reads alike") {
    const test::temporary_folder folder;
    const std::vector<std::vector<std::string>> table = {
        {"Kod", "Imię", "Uwagi"}, {"1", "Święta Źródła", "ąćęłńóśźż"}, {"2", "Łódź", "a\nb"}};
    for (const char* encoding : {"UTF-8", "UTF-16LE", "UTF-16BE", "windows-1250", "ISO-8859-2", "IBM852"}) {
        for (const char* delimiter : {";", ",", "\t", "|"}) {
            for (const char* line_end : {"\n", "\r\n", "\r"}) {
                for (const bool marked : {false, true}) {
                    for (const bool packed : {false, true}) {
                        if (marked && !std::string(encoding).starts_with("UTF")) {
                            continue;
                        }
                        CAPTURE(encoding);
                        CAPTURE(delimiter);
                        CAPTURE(line_end);
                        std::string text = "Kod;Imię;Uwagi\n1;Święta Źródła;ąćęłńóśźż\n2;Łódź;\"a\nb\"\n";
                        text = replaced(replaced(text, "\n", line_end), ";", delimiter);
                        std::string bytes = encoded((marked ? "\xEF\xBB\xBF" : "") + text, encoding);
                        bytes = packed ? zipped(bytes) : bytes;
                        const csv_source source(folder.write("a.csv", bytes));
                        CHECK(source.format().encoding == encoding);
                        CHECK(source.is_packed() == packed);
                        CHECK(cells_of(source) == table);
                    }
                }
            }
        }
    }
}

TEST_CASE("Polish text decides by the bytes of the letters that differ") {
    CHECK(by_letters(encoded("Wąsik, Gęś, Źrebię", "windows-1250")).name == "windows-1250");
    CHECK(by_letters(encoded("Wąsik, Gęś, Źrebię", "ISO-8859-2")).name == "ISO-8859-2");
    const encoding_choice either = by_letters(encoded("Łódź i żółw", "windows-1250"));
    CHECK(either.name == "windows-1250");
    CHECK(contains(either.reason, "Polish"));
    // Without ą, ś and ź the bytes are the same, and so is the text.
    const encoding_choice same = by_letters(encoded("żółć", "windows-1250"));
    CHECK(same.name == "windows-1250");
    CHECK(contains(same.reason, "ISO-8859-2 would read it alike"));
}

TEST_CASE("a capital within a word is no letter of it") {
    CHECK(by_letters(encoded("Kaźmierz Józef Woźniak", "ISO-8859-2")).name == "ISO-8859-2");  // else KaĽmierz
    CHECK(by_letters(encoded("Kaźmierz Józef Woźniak", "windows-1250")).name == "windows-1250");
    CHECK(by_letters(encoded("ŹREBIĘ, WOŹNIAK", "ISO-8859-2")).name == "ISO-8859-2");
    CHECK(by_letters(encoded("Ľudovít, Ľubica", "windows-1250")).name == "windows-1250");
}

TEST_CASE("where two encodings fit equally and differ, the other is named") {
    const encoding_choice french = by_letters(encoded("Hélène Lefèvre, Céline", "windows-1252"));
    CHECK(contains(french.reason, "windows-1252 (French) would fit as well") != (french.name == "windows-1252"));
    const encoding_choice polish = by_letters(encoded("Ibañez Simón", "windows-1252"));  // or Ibańez
    CHECK(polish.name == "windows-1250");
    CHECK(contains(polish.reason, "windows-1252 (Spanish) would fit as well"));
}

TEST_CASE("other languages are read by their own letters") {
    CHECK(by_letters(encoded("Müller, Größe, Äpfel", "windows-1252")).name == "windows-1250");  // the same text
    CHECK(by_letters(encoded("Hélène, façade, où, là-bas, chêne", "windows-1252")).name == "windows-1252");
    CHECK(by_letters(encoded("José Núñez, Málaga, España", "windows-1252")).name == "windows-1252");
    CHECK(by_letters(encoded("Dvořák, Žižkov, šťastný", "windows-1250")).name == "windows-1250");
    CHECK(by_letters(encoded("Dvořák, Žižkov, šťastný", "ISO-8859-2")).name == "ISO-8859-2");
    CHECK(by_letters(encoded("Wąż, Łoś i ćma", "IBM852")).name == "IBM852");
}

TEST_CASE("signs are no letters: prices and quotation marks do not decide") {
    CHECK(by_letters(encoded("cena 5 €, „Zażółć gęślą jaźń” – 20 °C § 3", "windows-1250")).name == "windows-1250");
}

TEST_CASE("a damaged byte in UTF-8 does not make it another encoding, but is named") {
    const test::temporary_folder folder;
    std::string text = "Kod;Imię\n";
    for (int i = 0; i < 50; ++i) {
        text += "1;Zażółć\n";
    }
    const csv_source source(folder.write("a.csv", text + "2;a\xB9z\n"));
    CHECK(source.format().encoding == "UTF-8");
    CHECK(contains(error_of([&] { static_cast<void>(cells_of(source)); }),
                   "line 52, byte 4 of the line: byte 0xB9 is not UTF-8"));
}

TEST_CASE("a few letters of UTF-8 are enough to refuse what is not") {
    CHECK(evidence_of_utf8("Zażółć \xB9 \xB3 \xBF").is_mostly_utf8());
    CHECK_FALSE(evidence_of_utf8("za\xBF\xF3\xB3\xE6").is_mostly_utf8());
    CHECK(evidence_of_utf8("Иван Петров, Αθήνα, 5 €, „x”").is_surely_utf8());
    // A Latin I in a Cyrillic name, a ligature, a name of one letter, and scripts without spaces.
    for (const char* text : {"Iван", "Oﬃce", "Aй да", "山田 太郎", "Ωmega Σίσυφος"}) {
        CAPTURE(text);
        CHECK(evidence_of_utf8(text).is_mostly_utf8());
    }
}

TEST_CASE("capitals whose bytes look like another script's are read as the Polish that they are") {
    const std::string bytes = encoded("Kod;Nazwa\n1;SPÓŁKA\n2;CAŁA SPÓŁKA\n", "windows-1250");
    CHECK_FALSE(evidence_of_utf8(encoded("SPÓŁKA", "windows-1250")).is_mostly_utf8());  // although it is valid UTF-8
    const test::temporary_folder folder;
    CHECK(cells_of(csv_source(folder.write("a.csv", bytes)))[2][1] == "CAŁA SPÓŁKA");
    CHECK(cells_of(csv_source(folder.write("b.csv", encoded("k;n\n1;SPÓŁKA\n", "windows-1250"))))[1][1] == "SPÓŁKA");
}

TEST_CASE("what comes late in a file decides too") {
    const test::temporary_folder folder;
    std::string text = "Kod;Imie\n";
    while (text.size() < 600'000) {
        text += "1;Jan\n";
    }
    const csv_source plain(folder.write("a.csv", text));
    CHECK(plain.format().encoding == "UTF-8");
    const csv_source late(folder.write("b.csv", text + encoded("2;Świątek\n", "windows-1250")));
    CHECK(late.format().encoding == "windows-1250");
    CHECK(cells_of(late).back() == std::vector<std::string>{"2", "Świątek"});
}

TEST_CASE("the job's word on the encoding stands, but for a byte order mark") {
    const test::temporary_folder folder;
    const auto path = folder.write("a.csv", encoded("k;n\n1;ąśź\n", "windows-1250"));
    CHECK(cells_of(csv_source(path, {.encoding = "windows-1252"}))[1][1] == "¹œŸ");
    const auto marked = folder.write("b.csv", "\xEF\xBB\xBFk;n\n1;ą\n");
    CHECK(cells_of(csv_source(marked, {.encoding = "windows-1250"}))[1][1] == "ą");
    const auto wide = folder.write("c.csv", encoded("k;n\n1;ą\n", "UTF-16LE"));
    CHECK(cells_of(csv_source(wide, {.encoding = "UTF-16"}))[1][1] == "ą");
    CHECK(
        contains(error_of([&] { csv_source(path, {.encoding = "windows-9999"}); }), "no encoding that is known here"));
}

TEST_CASE("a byte that the encoding does not have is named with its line") {
    const test::temporary_folder folder;
    const auto path = folder.write("a.csv", "k;n\n1;\xB9\x9C\n2;a\x81z\n");
    const std::string said = error_of([&] { csv_source(path, {.encoding = "windows-1250"}); });
    CHECK(contains(said, "line 3, character 4: in windows-1250, the byte 0x81 is no character"));
    const auto cut = folder.write("b.csv", std::string("\xFF\xFEk\0;\0n\0\n\0"
                                                       "1\0;\0a",
                                                       15));
    CHECK(contains(error_of([&] { csv_source{cut}; }), "ends in the midst of a character"));
}

TEST_CASE("what is no text is not taken for one in an odd encoding") {
    const test::temporary_folder folder;
    CHECK(contains(error_of([&] {
                       csv_source{folder.write("a.bin", std::string("\x7F"
                                                                    "ELF\x02\x01\0\0\0\x90\xFF\xB3;",
                                                                    13))};
                   }),
                   "is no text"));
}

TEST_CASE("a gzip file that is cut off or damaged is refused, and one of several members is read") {
    const test::temporary_folder folder;
    const std::string packed = zipped("k;n\n1;ą\n");
    CHECK(contains(error_of([&] { csv_source(folder.write("a.gz", packed.substr(0, packed.size() - 9))); }),
                   "broken gzip file (it ends before its content does)"));
    std::string damaged = packed;
    damaged[packed.size() - 6] = static_cast<char>(~damaged[packed.size() - 6]);
    CHECK(contains(error_of([&] { csv_source(folder.write("b.gz", damaged)); }), "broken gzip file"));
    const csv_source two(folder.write("c.gz", packed + zipped("2;ę\n")));
    CHECK(cells_of(two).size() == 3);
}

TEST_CASE("a rejects file is read as it was written, whatever the job says of its source") {
    const test::temporary_folder folder;
    const csv_source source(
        folder.write("r.csv", "k;n;line;code;message\n1;\"ą;ę\";2;x;y\n"),
        {.delimiter = ',', .quote = '\'', .encoding = "windows-1250", .header = {.skipped_lines = 2}});
    CHECK(cells_of(source)[1] == std::vector<std::string>{"1", "ą;ę", "2", "x", "y"});
}

TEST_CASE("a no-break space parts words and is no letter") {
    CHECK(by_letters(encoded("Jan\u00A0Kowalski, Żak", "windows-1250")).name == "windows-1250");
    CHECK(by_letters(encoded("Jan\u00A0Żak", "ISO-8859-2")).name != "IBM852");
}

TEST_CASE("a guess between two readings is refused, with the word that differs; Polish is none") {
    const test::temporary_folder folder;
    const auto complaint = [&](const char* text) {
        const auto path = folder.write("a.csv", encoded(std::string("k;n\n1;") + text + "\n", "windows-1252"));
        return error_of([&] { csv_source{path}; });
    };
    CHECK(contains(complaint("séance première"), "(\"première\")"));
    CHECK(contains(complaint("séance première"), "(\"premičre\")"));
    CHECK(contains(complaint("Søren"), "(\"Søren\")"));
    CHECK(contains(complaint("Søren"), "[source] encoding = "));
    // Several letters, in the proportion of a language, need no person: è and é alone are Czech letters too.
    CHECK(complaint("Hélène, Cédric, Zoé, André, première, Amélie, René, Gérard, Sévérine, Frédéric").empty());
    CHECK(contains(complaint("Søren, Søren, Søren, Søren, Søren, Søren, Søren, Søren"), "(\"Søren\")"));
    CHECK(contains(complaint("Muñoz, Castellón, Begoña, Peña, López, Logroño"), "(\"Muñoz\")"));
    CHECK(complaint("Müller").empty());  // both read it alike
    CHECK(complaint("Simón").empty());   // Polish has that letter
    const auto path = folder.write("b.csv", encoded("k;n\n1;Søren\n", "windows-1252"));
    CHECK(cells_of(csv_source(path, {.encoding = "windows-1252"}))[1][1] == "Søren");
}

TEST_CASE("a job that fixes another encoding is refused a file that is UTF-8 throughout") {
    const test::temporary_folder folder;
    const auto path = folder.write("a.csv", "k;n\n1;Zażółć\n");
    CHECK(contains(error_of([&] { csv_source(path, {.encoding = "windows-1250"}); }), "the file is UTF-8 throughout"));
    const auto ascii = folder.write("b.csv", "k;n\n1;Jan\n");
    CHECK(cells_of(csv_source(ascii, {.encoding = "windows-1250"}))[1][1] == "Jan");
}
