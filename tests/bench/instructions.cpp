// Three fixed works, to be counted under callgrind: see instructions.py.
//
//     baseload_instructions WORK TIMES
//
// Each work is a function of its own, so that callgrind can count inside it alone.
#include "baseload/api/answer.hpp"
#include "baseload/config/job_file.hpp"
#include "baseload/core/journal_entry.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/survey/surveyor.hpp"

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace baseload::bench {

// Without phone numbers and regular expressions: libraries would outweigh all else by far.
constexpr const char* job_text = R"([key]
columns = ["Kod"]
[fields]
login = "Kod"
email = "E-mail"
phone = "Telefon"
notes = "Uwagi"
invoice_fullname = { template = "{Imię} {Nazwisko}" }
invoice_company = "Firma"
invoice_tax_id = "NIP"
invoice_address = "Ulica"
invoice_postcode = "Kod pocztowy"
invoice_city = { column = "Miasto", transform = ["title"] }
invoice_state = "Województwo"
invoice_country_code = { column = "Kraj", map = { "Polska" = "PL", "Niemcy" = "DE" }, default = "PL" }
delivery_fullname = "Odbiorca"
delivery_company = "Dostawa firma"
delivery_address = "Dostawa adres"
delivery_postcode = "Dostawa kod"
delivery_city = "Dostawa miasto"
delivery_country_code = "Dostawa kraj"
)";

const std::vector<std::string> header = {
    "Kod",         "E-mail",         "Telefon",      "Imię",        "Nazwisko",      "Firma",    "NIP",
    "Ulica",       "Kod pocztowy",   "Miasto",       "Województwo", "Kraj",          "Odbiorca", "Dostawa adres",
    "Dostawa kod", "Dostawa miasto", "Dostawa kraj", "Uwagi",       "Dostawa firma", "Segment",  "Rabat"};

constexpr std::string_view raw_row =
    "K00001234;klient1234@example.pl;600 123 456;Małgorzata;Wiśniewska;Hurtownia Spożywcza Wiśniewska;9746866742;"
    "ul. Świętego Ducha 55;50-674;WROCŁAW;dolnośląskie;Polska;Małgorzata Wiśniewska;ul. Świętego Ducha 55;50-674;"
    "Wrocław;PL;stały klient, umowa nr 1234;Punkt 3674;segment 2;14%";

std::vector<std::string_view> cells_of(std::string_view row) {
    std::vector<std::string_view> cells;
    for (std::size_t end = row.find(';'); end != std::string_view::npos; end = row.find(';')) {
        cells.push_back(row.substr(0, end));
        row.remove_prefix(end + 1);
    }
    cells.push_back(row);
    return cells;
}

struct samples {
    settings job = parse_job(job_text, "/jobs/job.toml");
    mapper map{job, header, "clients.csv"};
    record row{.line = 2, .cells = cells_of(raw_row), .raw = raw_row};
    client_fields fields = map.map(row).fields;
    journal_entry known;
    http_answer answer{.status = 200,
                       .body = R"({"status":"SUCCESS","crm_client_id":1234567})",
                       .date = "Sat, 13 Sep 2025 10:00:00 GMT",
                       .location = {}};

    samples() {
        const content_hash hash = record_hash_of(row, map);
        known.client = known_client{
            .crm_client_id = 1234567, .record_hash = hash, .sent = decide(fields, hash, std::nullopt, {}).known_after};
    }
};

// Each gives the number of times that it went as it should.

[[gnu::noinline]] std::size_t map_a_row(const samples& s, std::size_t times) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < times; ++i) {
        const mapped_record mapped = s.map.map(s.row);
        right += mapped.faults.empty() && mapped.warnings.empty() && mapped.fields.size() == 18 ? 1 : 0;
    }
    return right;
}

[[gnu::noinline]] std::size_t judge_an_answer(const samples& s, std::size_t times) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < times; ++i) {
        const verdict v = judge(s.answer);
        right += v.kind == verdict_kind::accepted && v.crm_client_id == 1234567 ? 1 : 0;
    }
    return right;
}

// Key, fingerprint, and what the journal says.
[[gnu::noinline]] std::size_t plan_an_unchanged_row(const samples& s, std::size_t times) {
    std::size_t right = 0;
    for (std::size_t i = 0; i < times; ++i) {
        const bool has_shape = s.map.check_shape(s.row).empty() && !s.map.key_of(s.row).empty();
        const row_plan plan = decide(s.fields, record_hash_of(s.row, s.map), s.known, {});
        right += has_shape && plan.action == plan_action::nothing ? 1 : 0;
    }
    return right;
}

}  // namespace baseload::bench

int main(int count, char** arguments) {
    using namespace baseload::bench;
    const std::map<std::string, std::size_t (*)(const samples&, std::size_t)> works = {
        {"map_a_row", map_a_row},
        {"judge_an_answer", judge_an_answer},
        {"plan_an_unchanged_row", plan_an_unchanged_row}};
    const auto work = count == 3 ? works.find(arguments[1]) : works.end();
    if (work == works.end()) {
        std::fputs("baseload_instructions map_a_row|judge_an_answer|plan_an_unchanged_row TIMES\n", stderr);
        return 2;
    }
    const auto times = static_cast<std::size_t>(std::strtoul(arguments[2], nullptr, 10));
    const samples s;
    if (work->second(s, times) != times) {
        std::fputs("the work did not go as it should\n", stderr);
        return 1;
    }
    return 0;
}
