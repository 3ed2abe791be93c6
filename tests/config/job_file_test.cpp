#include "baseload/config/job_file.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

constexpr const char* rest = "[key]\ncolumns = [\"Kod\"]\n[fields]\nlogin = \"Kod\"\n";

settings parse(const std::string& head) {
    return parse_job(head + rest, "/jobs/shop.toml");
}

std::string complaint(const std::string& toml) {
    return error_of([&] { static_cast<void>(parse_job(toml, "/jobs/shop.toml")); });
}

}  // namespace

TEST_CASE("what a job does not say has a default") {
    const settings job = parse("");
    CHECK(job.account.url == "https://api.baselinker.com/connector.php");
    CHECK(job.account.api.host == "api.baselinker.com");
    CHECK(job.account.token_env == "BASELOAD_TOKEN");
    CHECK(job.account.requests_per_minute == 90);
    CHECK(job.account.connections == 8);
    CHECK(job.account.timeout == std::chrono::seconds(30));
    CHECK(job.journal.file == "/jobs/shop.journal");
    CHECK(job.source.paths.empty());
    CHECK(job.source.min_rows == 1);
}

TEST_CASE("every option is read, and paths are relative to the job") {
    const settings job =
        parse("[source]\npath = \"in/a.csv\"\ndelimiter = \"tab\"\nencoding = \"IBM852\"\nquote = "
              "\"none\"\nquoting = \"relaxed\"\n"
              "ragged = \"pad\"\nskip_lines = 3\nmin_rows = 10\nmax_shrink = \"20%\"\n"
              "[account]\nurl = \"http://127.0.0.1:8080/connector.php\"\nname = \"Shop A\"\n"
              "token_file = \"../token\"\nrequests_per_minute = 0\nconnections = 3\ntimeout = \"5s\"\n"
              "give_up_after = \"1m\"\nstop_after_failures = 7\nca_file = \"ca.pem\"\nstate_folder = \"state\"\n"
              "[journal]\npath = \"/var/lib/a.journal\"\n");
    CHECK(job.source.paths == std::vector<std::filesystem::path>{"/jobs/in/a.csv"});
    CHECK(job.source.delimiter == '\t');
    CHECK(job.source.encoding == "IBM852");
    CHECK(job.source.quote == '\0');
    CHECK(job.source.relaxed_quotes);
    CHECK(job.source.pad_ragged);
    CHECK(job.source.skip_lines == 3U);
    CHECK(job.source.min_rows == 10);
    CHECK(*job.source.max_shrink == doctest::Approx(0.2));
    CHECK(job.account.name == "Shop A");
    CHECK(job.account.token_file == "/token");
    CHECK(job.account.requests_per_minute == 0);
    CHECK(job.account.connections == 3);
    CHECK(job.account.timeout == std::chrono::seconds(5));
    CHECK(job.account.give_up_after == std::chrono::minutes(1));
    CHECK(job.account.stop_after_failures == 7);
    CHECK(job.account.ca_file == "/jobs/ca.pem");
    CHECK(job.account.state_folder == "/jobs/state");
    CHECK(job.journal.file == "/var/lib/a.journal");
}

TEST_CASE("fields are columns, templates or constants, in the order of their lines") {
    const settings job = parse_job("[key]\ncolumns = [\"A\", \"B\"]\n[fields]\nphone = \"Tel\"\n"
                                   "email = { column = \"Mail\", default = \"x@y.pl\" }\n"
                                   "notes = { template = \"{A} {B}\", blank = \"clear\", overflow = \"truncate\" }\n"
                                   "status_id = { default = \"1\" }\n"
                                   "invoice_country_code = { column = \"K\", map = { \"Polska\" = \"PL\" } }\n"
                                   "[extra_fields]\n\"135\" = \"Segment\"\n",
                                   "/jobs/shop.toml");
    REQUIRE(job.fields.size() == 5);
    CHECK(job.fields[0].field == "phone");
    CHECK(job.fields[0].column == "Tel");
    CHECK(job.fields[0].where.line == 4);
    CHECK(job.fields[1].default_text == "x@y.pl");
    CHECK(job.fields[2].pattern == "{A} {B}");
    CHECK(job.fields[2].blank == blank_policy::clear);
    CHECK(job.fields[2].overflow == overflow_policy::truncate);
    CHECK(job.fields[3].column.empty());
    CHECK(job.fields[4].map.at("Polska") == "PL");
    REQUIRE(job.extra_fields.size() == 1);
    CHECK(job.extra_fields[0].field == "135");
    CHECK(job.key.columns == std::vector<std::string>{"A", "B"});
}

TEST_CASE("each mistake in a job is named with its line and what would be right") {
    struct mistake {
        const char* head;
        const char* expected;
    };
    const mistake mistakes[] = {
        {"[source]\ndelimeter = \";\"\n",
         "line 2, column 1: [source] has no option \"delimeter\" (did you mean \"delimiter\"?)"},
        {"[sources]\n", "has no option \"sources\" (did you mean \"source\"?)"},
        {"[account]\nconnections = \"8\"\n",
         "line 2, column 15: [account] connections is a text; a whole number is expected"},
        {"[account]\nconnections = 0\n", "connections is 0; 1 to 256 is expected"},
        {"[account]\ntimeout = \"30\"\n", "a duration like \"30s\""},
        {"[account]\ntimeout = \"0s\"\n", "a duration like \"30s\""},
        {"[account]\ntoken_env = \"A\"\ntoken_file = \"b\"\n",
         "line 3, column 14: [account] token_file stands beside token_env"},
        {"[account]\nurl = \"http://example.com/\"\n", "write https://"},
        {"[account]\nurl = \"https:///connector.php\"\n", "names no host"},
        {"[account]\nrequests_per_minute = 0\n", "lifts the limit; that is for loopback"},
        {"[account]\nname = \" \"\n", "is blank"},
        {"[source]\nquote = \"x\"\n", "expected is one of"},
        {"[source]\nquoting = \"relax\"\n", "did you mean \"relaxed\"?"},
        {"[source]\nragged = true\n", "a text in quotes is expected"},
        {"[source]\nskip_lines = -1\n", "0 to 1000 is expected"},
        {"[source]\ndelimiter = \":\"\n", "expected is \";\", \",\", \"|\" or \"tab\""},
        {"[source]\nmax_shrink = \"0.2\"\n", "a share like \"20%\""},
        {"[source]\npath = 5\n", "[source] path is a whole number; a text in quotes is expected"},
        {"[source]\npath = [\"a.csv\", 5]\n", "[source] path must be a file, a pattern of files, or a list of both"},
        {"[source]\npath = [\"a.csv\", \"-\"]\n", "[source] path names standard input (\"-\") beside files"},
        {"[source]\npath = \"in/*\"\nafter = { move = \"in\" }\n", "moves files to \"in\", where they are read from"},
        {"[source]\nafter = \"done\"\n", "[source] after says what becomes of a file that went in"},
        {"source = 3\n", "must be a section"},
        {"[account\n", "line 1"},
    };
    for (const mistake& m : mistakes) {
        CAPTURE(m.head);
        const std::string said = complaint(std::string(m.head) + rest);
        CAPTURE(said);
        CHECK(contains(said, m.expected));
        CHECK(contains(said, "/jobs/shop.toml"));
    }
}

TEST_CASE("mistakes in fields and keys are named too") {
    const std::string key = "[key]\ncolumns = [\"Kod\"]\n";
    CHECK(contains(complaint(key), "maps no field"));
    CHECK(contains(complaint("[fields]\nlogin = \"Kod\"\n"), "has no key"));
    CHECK(contains(complaint("[key]\ncolumns = \"Kod\"\n[fields]\nlogin = \"Kod\"\n"), "must be a list"));
    CHECK(contains(complaint("[key]\ncolumns = [1]\n[fields]\nlogin = \"Kod\"\n"), "must be a list"));
    CHECK(contains(complaint(key + "[fields]\nlogin = 5\n"), "must be a column name"));
    CHECK(contains(complaint(key + "[fields]\nlogin = {}\n"), "says nothing of where its text comes from"));
    CHECK(contains(complaint(key + "[fields]\nlogin = { column = \"A\", template = \"B\" }\n"), "give one of the two"));
    CHECK(contains(complaint(key + "[fields]\nlogin = { column = \"A\", blank = \"clera\" }\n"),
                   "did you mean \"clear\""));
    CHECK(contains(complaint(key + "[fields]\nlogin = { colum = \"A\" }\n"), "did you mean \"column\""));
    CHECK(contains(complaint(key + "[fields]\nlogin = \"A\"\nlogin = \"B\"\n"), "line 5"));
}

TEST_CASE("all mistakes are reported at once") {
    const std::string said =
        complaint("[source]\npht = \"a\"\n[account]\nconnections = 0\n[key]\ncolumns = [\"K\"]\n[fields]\n");
    CHECK(contains(said, "line 2"));
    CHECK(contains(said, "line 4"));
    CHECK(contains(said, "maps no field"));
}
