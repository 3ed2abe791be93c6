#include "baseload/mapping/mapper.hpp"

#include "support/error_of.hpp"
#include "support/job.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;
using baseload::test::job_with;

namespace {

const std::vector<std::string> header = {"Kod", "E-mail", "Imię", "Nazwisko", "Kraj", "Uwagi"};

mapped_record map_row(const std::string& fields, const std::vector<std::string_view>& cells) {
    const settings job = job_with(fields);
    const mapper map(job, header, "clients.csv");
    return map.map({.line = 7, .cells = cells, .raw = {}});
}

std::string only_text(const mapped_record& mapped) {
    REQUIRE(mapped.faults.empty());
    REQUIRE(mapped.fields.size() == 1);
    return std::get<std::string>(mapped.fields[0].value);
}

std::string complaint(const std::string& fields, const std::string& key = "columns = [\"Kod\"]") {
    return error_of([&] {
        const settings job = job_with(fields, key);
        const mapper map(job, header, "clients.csv");
    });
}

}  // namespace

TEST_CASE("a column's text is trimmed and otherwise sent as it stands") {
    CHECK(only_text(map_row("phone = \"Kod\"", {" 00123 ", "", "", "", "", ""})) == "00123");
}

TEST_CASE("a template joins columns, and is trimmed when one of them is blank") {
    const std::string fields = "invoice_fullname = { template = \"{Imię} {Nazwisko}\" }";
    CHECK(only_text(map_row(fields, {"", "", "Jan", "Kowalski", "", ""})) == "Jan Kowalski");
    CHECK(only_text(map_row(fields, {"", "", "", "Kowalski", "", ""})) == "Kowalski");
    CHECK(map_row(fields, {"", "", "", "", "", ""}).fields.empty());
    CHECK(only_text(map_row("notes = { template = \"{{x}} {Kod}\" }", {"K1", "", "", "", "", ""})) == "{x} K1");
}

TEST_CASE("a telephone number of a region is E.164; what is none goes as it stands, with a word") {
    const auto mapped = [](const char* options, const char* cell) {
        return map_row("phone = { column = \"Kod\", phone_region = \"PL\"" + std::string(options) + " }",
                       {cell, "", "", "", "", ""});
    };
    CHECK(only_text(mapped("", "600 700 800")) == "+48600700800");
    CHECK(mapped("", "600 700 800").warnings.empty());
    const mapped_record doubtful = mapped("", "22 123 45 67 wew. 12");
    CHECK(only_text(doubtful) == "22 123 45 67 wew. 12");
    REQUIRE(doubtful.warnings.size() == 1);
    CHECK(
        contains(describe_with_place(doubtful.warnings[0]), "line 7, column \"Kod\": \"22 123 45 67 wew. 12\" is not"));
    CHECK(mapped(", verify = \"off\"", "brak").warnings.empty());
    const mapped_record rejected = mapped(", verify = \"reject\"", "brak");
    REQUIRE(rejected.faults.size() == 1);
    CHECK(code_text(rejected.faults[0]) == "doubtful_phone");
    CHECK(contains(complaint("phone = { column = \"Kod\", phone_region = \"UK\" }"), "no country with telephone"));
    CHECK(contains(complaint("phone = { column = \"Kod\", phone_region = \"pl\" }"), "two letters"));
}

TEST_CASE("a row that sums the others up is no customer") {
    const auto codes = [](const std::vector<std::string_view>& cells) {
        const mapped_record mapped = map_row("login = \"Kod\"", cells);
        return mapped.faults.empty() ? std::string{} : code_text(mapped.faults[0]);
    };
    CHECK(codes({"Razem:", "", "", "7", "1 234,50", ""}) == "total_row");
    CHECK(codes({"", "", "OGÓŁEM", "", "", ""}) == "total_row");
    CHECK(codes({"TOTAL", "", "", "Total Polska", "", ""}).empty());
    CHECK(codes({"Razem", "jan@example.pl", "", "", "", ""}).empty());
    CHECK(codes({"1001", "", "", "7", "", ""}).empty());
}

TEST_CASE("#N/A in one of several cells is blank, in all of them it clears, and in a key it is a fault") {
    const std::string name = "invoice_fullname = { template = \"{Imię} {Nazwisko}\" }";
    CHECK(only_text(map_row(name, {"", "", "#N/A", "Kowalski", "", ""})) == "Kowalski");
    CHECK(only_text(map_row(name, {"", "", "#N/A", "#N/A", "", ""})).empty());
    const std::string first = "phone = { first_of = [\"Kod\", \"Uwagi\"] }";
    CHECK(only_text(map_row(first, {"#N/A", "", "", "", "", "600700800"})) == "600700800");
    CHECK(only_text(map_row(first, {"#N/A", "", "", "", "", ""})).empty());
    const settings job = job_with("phone = \"Uwagi\"");
    const mapper map(job, header, "clients.csv");
    const std::vector<std::string_view> cells = {"#N/A", "", "", "", "", "1"};
    CHECK(map.check_shape({.line = 2, .cells = cells, .raw = {}}).size() == 1);
}

TEST_CASE("a template of which all cells are blank is blank, whatever else stands in it") {
    const std::string fields = "invoice_address = { template = \"ul. {Uwagi}\" }";
    CHECK(map_row(fields, {"", "", "", "", "", " "}).fields.empty());
    CHECK(only_text(map_row(fields, {"", "", "", "", "", "Długa"})) == "ul. Długa");
    CHECK(only_text(map_row("notes = { template = \"import\" }", {"", "", "", "", "", ""})) == "import");
}

TEST_CASE("words part at any white space unless the job says by what") {
    CHECK(only_text(map_row("notes = { column = \"Uwagi\", part = \"first\" }",
                            {"", "", "", "", "", "Jan\u00A0Kowalski"})) == "Jan");
}

TEST_CASE("a date_format that writes anything but year, month and day is refused") {
    const auto said = [](const std::string& format) {
        return error_of([&] {
            job_with("login = \"Kod\"\n[extra_fields]\n\"1\" = { column = \"Uwagi\", date_format = \"" + format +
                     "\" }");
        });
    };
    for (const char* wrong : {"dd.mm.yyyy", "DD.MM.YYYY", "jj", "yyyy", "", "yyyy-MM-dd'T", "yyyy-MM-dd HH"}) {
        CAPTURE(wrong);
        CHECK(contains(said(wrong), "write yyyy for the year"));
    }
    CHECK(said("dd.MM.yyyy").empty());
    CHECK(said("d MMM yyyy 'r.'").empty());
}

TEST_CASE("a map translates names, takes what it translates to, and refuses the rest") {
    const std::string fields =
        "invoice_country_code = { column = \"Kraj\", map = { \"Polska\" = \"PL\", \"Niemcy\" = \"DE\" } }";
    CHECK(only_text(map_row(fields, {"", "", "", "", "Polska", ""})) == "PL");
    CHECK(only_text(map_row(fields, {"", "", "", "", "DE", ""})) == "DE");
    const mapped_record mapped = map_row(fields, {"", "", "", "", "Polsk", ""});
    REQUIRE(mapped.faults.size() == 1);
    CHECK(code_text(mapped.faults[0]) == "not_in_map");
    CHECK(contains(describe_with_place(mapped.faults[0]),
                   "clients.csv, line 7, column \"Kraj\": \"Polsk\" is not in the "
                   "field's map (did you mean \"Polska\"?)"));
}

TEST_CASE("a default stands for a blank cell, and alone it is a constant") {
    CHECK(only_text(map_row("invoice_country_code = { column = \"Kraj\", default = \"PL\" }",
                            {"", "", "", "", " ", ""})) == "PL");
    const mapped_record constant = map_row("status_id = { default = \"3\" }", {"", "", "", "", "", ""});
    REQUIRE(constant.fields.size() == 1);
    CHECK(std::get<std::int64_t>(constant.fields[0].value) == 3);
}

TEST_CASE("a blank cell keeps the field, unless it is to clear it; #N/A always clears") {
    CHECK(map_row("phone = \"Kod\"", {"", "", "", "", "", ""}).fields.empty());
    CHECK(only_text(map_row("phone = { column = \"Kod\", blank = \"clear\" }", {"", "", "", "", "", ""})).empty());
    CHECK(only_text(map_row("phone = \"Kod\"", {"#N/A", "", "", "", "", ""})).empty());
    CHECK(only_text(map_row("phone = { column = \"Kod\", default = \"1\" }", {"#N/A", "", "", "", "", ""})).empty());
}

TEST_CASE("all faults of a row come at once, each with its column") {
    const mapped_record mapped = map_row("email = \"E-mail\"\nstar = \"Kod\"\ninvoice_country_code = \"Kraj\"",
                                         {"9", "jan", "", "", "Atlantyda", ""});
    REQUIRE(mapped.faults.size() == 3);
    for (const fault& f : mapped.faults) {
        CHECK(f.where.line == 7);
        CHECK_FALSE(f.where.column.empty());
        CHECK_FALSE(f.remedy.empty());
    }
}

TEST_CASE("characters beyond the BMP are replaced before anything looks at them") {
    const mapped_record mapped = map_row("notes = \"Uwagi\"", {"", "", "", "", "", "ok 😀"});
    CHECK(only_text(mapped) == "ok ?");
    CHECK(mapped.replaced_characters == 1);
}

TEST_CASE("fields come in the order of their codes, extra fields last") {
    const settings job = parse_job("[key]\ncolumns = [\"Kod\"]\n[fields]\nemail = \"E-mail\"\nlogin = \"Kod\"\n"
                                   "[extra_fields]\n\"135\" = \"Uwagi\"\n",
                                   "/jobs/job.toml");
    const mapper map(job, header, "clients.csv");
    const std::vector<std::string_view> cells = {"K", "a@b.pl", "", "", "", "x"};
    const mapped_record mapped = map.map({.line = 1, .cells = cells, .raw = {}});
    REQUIRE(mapped.fields.size() == 3);
    CHECK(mapped.fields[0].code == field_code::login);
    CHECK(mapped.fields[1].code == field_code::email);
    CHECK(mapped.fields[2].code == extra_field(135));
}

TEST_CASE("a key is the trimmed cell, and several cells cannot be taken for others") {
    const settings one = job_with("login = \"Kod\"");
    const mapper single(one, header, "c");
    CHECK(single.key_of({.line = 1, .cells = {"\u00A0K1 ", "", "", "", "", ""}, .raw = {}}) == "K1");
    CHECK(single.key_of({.line = 1, .cells = {" ", "", "", "", "", ""}, .raw = {}}).empty());

    const settings two = job_with("login = \"Kod\"", "columns = [\"Kod\", \"Kraj\"]");
    const mapper pair(two, header, "c");
    const auto key = [&](std::string_view a, std::string_view b) {
        return pair.key_of({.line = 1, .cells = {a, "", "", "", b, ""}, .raw = {}});
    };
    CHECK(key("a", "b") == "a|b");
    CHECK(key("a|", "b") != key("a", "|b"));
    CHECK(key("a\\", "|b") != key("a\\|", "b"));
    CHECK(key("", "b") == "|b");
    CHECK(key(" ", "").empty());
}

TEST_CASE("a row with another number of cells than the header is a fault that counts them") {
    const settings job = job_with("login = \"Kod\"");
    const mapper map(job, header, "clients.csv");
    const auto faults = map.check_shape({.line = 3, .cells = {"1", "2"}, .raw = {}});
    REQUIRE(faults.size() == 1);
    CHECK(contains(describe_with_place(faults[0]), "line 3, the row has 2 cells, and the header names 6 columns"));
    CHECK(map.check_shape({.line = 3, .cells = {"1", "2", "3", "4", "5", "6"}, .raw = {}}).empty());
}

TEST_CASE("columns and fields that are not there are named with the nearest that is") {
    CHECK(contains(complaint("email = \"E-Mial\""),
                   "line 4, column 1: clients.csv has no column \"E-Mial\" (did you mean "
                   "\"E-mail\"?)"));
    CHECK(contains(complaint("emial = \"E-mail\""),
                   "\"emial\" is not a field of addCrmClient (did you mean \"email\"?)"));
    CHECK(contains(complaint("notes = { template = \"{Uwaga}\" }"), "did you mean \"Uwagi\""));
    CHECK(contains(complaint("notes = { template = \"{Uwagi\" }"), "without its }"));
    CHECK(contains(complaint("notes = { template = \"{Imię {Uwagi}\" }"), "without its }"));
    CHECK(contains(complaint("login = \"Kod\"", "columns = [\"Kot\"]"), "line 2, column 11"));
    CHECK(contains(complaint("status_id = { column = \"Kod\", blank = \"clear\" }"), "cannot be cleared"));
    CHECK(contains(complaint("login = \"Kod\"\n[extra_fields]\n\"135\" = \"Kod\"\n\"0135\" = \"Kraj\""),
                   "\"0135\" is mapped twice"));
    const std::string both = complaint("emial = \"E-mail\"\nphone = \"Telefon\"");
    CHECK(contains(both, "emial"));
    CHECK(contains(both, "Telefon"));
}

TEST_CASE("the rules' fingerprint changes with whatever changes the mapping, and with nothing else") {
    const auto rules = [](const std::string& fields, const std::vector<std::string>& columns) {
        const settings job = job_with(fields);
        return mapper(job, columns, "c").rules();
    };
    const fingerprint base = rules("login = \"Kod\"", header);
    CHECK(rules("# a comment\nlogin = { column = \"Kod\" }", header) == base);
    CHECK(rules("login = \"E-mail\"", header) != base);
    CHECK(rules("phone = \"Kod\"", header) != base);
    CHECK(rules("login = { column = \"Kod\", default = \"x\" }", header) != base);
    CHECK(rules("login = { column = \"Kod\", blank = \"clear\" }", header) != base);
    CHECK(rules("login = { column = \"Kod\", overflow = \"truncate\" }", header) != base);
    CHECK(rules("login = { column = \"Kod\", map = { \"a\" = \"b\" } }", header) != base);
    CHECK(rules("login = \"Kod\"", {"E-mail", "Kod"}) != base);
}

TEST_CASE("transforms are applied to a cell before its map, and not to a default") {
    const auto notes_of = [](const std::string& options, std::string_view cell) {
        return only_text(map_row("notes = { column = \"Uwagi\", " + options + " }", {"", "", "", "", "", cell}));
    };
    CHECK(notes_of("transform = [\"upper\"]", "zażółć straße") == "ZAŻÓŁĆ STRASSE");
    CHECK(notes_of("transform = [\"lower\"]", "ŁÓDŹ") == "łódź");
    CHECK(notes_of("transform = [\"title\"]", "JAN kowalski-nowak") == "Jan Kowalski-Nowak");
    CHECK(notes_of("transform = [\"digits\"]", "tel. +48 600-700 (800)") == "48600700800");
    CHECK(notes_of("replace = [[\"^ul\\\\. *\", \"\"], [\"(\\\\d+)/(\\\\d+)\", \"$1 m. $2\"]]", "ul. Długa 5/2") ==
          "Długa 5 m. 2");
    CHECK(notes_of("part = \"first\"", "Jan  Maria Kowalski") == "Jan");
    CHECK(notes_of("part = \"rest\"", "Jan  Maria Kowalski") == "Maria Kowalski");
    CHECK(notes_of("part = \"last\"", "Jan Maria Kowalski") == "Kowalski");
    CHECK(notes_of("part = \"but_last\"", "Jan Maria Kowalski") == "Jan Maria");
    CHECK(notes_of("part = \"last\", split = \",\", transform = [\"title\"]", "KOWALSKI, JAN") == "Jan");
    CHECK(notes_of("transform = [\"lower\"], map = { \"tak\" = \"T\" }", "TAK") == "T");
    CHECK(notes_of("transform = [\"lower\"], default = \"BRAK\"", "") == "BRAK");
    CHECK(notes_of("transform = [\"digits\"], default = \"BRAK\"", "none") == "BRAK");
    CHECK(notes_of("part = \"first\"", "Jan") == "Jan");
    CHECK(map_row("notes = { column = \"Uwagi\", part = \"rest\" }", {"", "", "", "", "", "Jan"}).fields.empty());
    // It clears as ever.
    CHECK(notes_of("transform = [\"lower\"]", "#N/A").empty());
}

TEST_CASE("the first column that is not blank") {
    const std::string fields = "phone = { first_of = [\"Uwagi\", \"E-mail\", \"Kod\"] }";
    CHECK(only_text(map_row(fields, {"1", "2", "", "", "", " "})) == "2");
    CHECK(only_text(map_row(fields, {"1", "2", "", "", "", "3"})) == "3");
    CHECK(map_row(fields, {"", " ", "", "", "", ""}).fields.empty());
    CHECK(contains(complaint("phone = { first_of = [\"Uwaga\"] }"), "did you mean \"Uwagi\"?"));
}

TEST_CASE("transforms that make no sense are refused by name") {
    CHECK(contains(complaint("notes = { column = \"Uwagi\", replace = [[\"(\", \"\"]] }"),
                   "\"(\" is no regular expression"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", replace = [\"a\"] }"), "must be a list of pairs"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", replace = [[\"a\"]] }"), "must be a list of pairs"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", transform = [\"uper\"] }"), "did you mean \"upper\"?"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", transform = \"upper\" }"), "must be a list"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", split = \";\" }"), "says nothing without part"));
    CHECK(contains(complaint("notes = { column = \"Uwagi\", first_of = [\"Kod\"] }"), "stands beside column"));
    const mapped_record slow = map_row("notes = { column = \"Uwagi\", replace = [[\"(a+)+$\", \"\"]] }",
                                       {"", "", "", "", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"});
    REQUIRE(slow.faults.size() == 1);
    CHECK(contains(slow.faults[0].problem, "takes too long"));
}

TEST_CASE("another transform is another rule, and none is what it was") {
    const auto rules_of = [](const std::string& fields) {
        const settings job = job_with(fields);
        return mapper(job, header, "clients.csv").rules();
    };
    const fingerprint plain = rules_of("notes = { column = \"Uwagi\" }");
    for (const char* options : {"transform = [\"upper\"]", "transform = [\"lower\"]", "part = \"first\"",
                                "part = \"last\", split = \";\"", "replace = [[\"a\", \"b\"]]"}) {
        CAPTURE(options);
        CHECK(rules_of("notes = { column = \"Uwagi\", " + std::string(options) + " }") != plain);
    }
}
