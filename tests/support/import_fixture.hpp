#pragma once

#include "baseload/import/run_observer.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/survey/first_pass.hpp"
#include "import/creates_under_way.hpp"
#include "import/outcome_recorder.hpp"
#include "import/row_planner.hpp"
#include "support/job.hpp"
#include "support/session_fixture.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace baseload::test {

// Keeps what it hears of rows.
class noting_observer final : public run_observer {
public:
    std::vector<rejection> rejections;
    std::vector<doubtful_create> doubts;
    std::function<void()> on_rejection = [] {};

    void opened(const record_source&, const std::vector<std::string>&) override {}
    void foreseen(const forecast&) override {}
    void similar(const std::vector<similar_key>&, std::uint64_t) override {}
    void same(const std::vector<same_customer>&, std::uint64_t) override {}
    void rejected(const rejection& r) override {
        rejections.push_back(r);
        on_rejection();
    }
    void doubtful(const doubtful_create& d) override { doubts.push_back(d); }
    void advanced(const progress&) override {}
    void missing(const missing_summary&) override {}
    [[nodiscard]] std::chrono::milliseconds progress_interval() const override { return std::chrono::hours(1); }
};

inline settings import_job(const std::filesystem::path& source, const std::string& account) {
    settings job = parse_job("[account]\n" + account +
                                 "\n[key]\ncolumns = [\"Kod\"]\n[fields]\nlogin = \"Kod\"\nemail = \"Mail\"\n"
                                 "notes = \"Uwagi\"",
                             "/jobs/job.toml");
    job.source.paths = {source};
    return job;
}

// The parts of a second pass over a CSV of the columns Kod, Mail and Uwagi, up to its recorder. The journal is a real
// file; the service is a script, and time is virtual.
class import_fixture : public session_fixture {
    settings given_;
    std::unique_ptr<journal> journal_ = open_journal({folder() / "journal"}, {"u", "n", {"Kod"}});

public:
    explicit import_fixture(const std::string& rows, std::uint64_t max_rejections = 1000,
                            const std::string& account = "")
        : given_(import_job(folder().write("a.csv", "Kod;Mail;Uwagi\n" + rows), account)),
          first(
              given_,
              [](const settings& job) {
                  return resolved_job{job, 0};
              },
              *journal_, {}, observer),
          summary(begun(journal_->begin_run("a.csv", wall_now()))), recorder({.clock = clock,
                                                                              .memory = *journal_,
                                                                              .found = first.found(),
                                                                              .places = *places,
                                                                              .stop = stop,
                                                                              .summary = summary,
                                                                              .observer = observer,
                                                                              .max_rejections = max_rejections}) {}

    noting_observer observer;
    first_pass first;
    std::shared_ptr<const line_places> places = first.source().places();
    summary_builder summary;
    outcome_recorder recorder;
    row_planner planner{first, *journal_, recorder, stop, std::numeric_limits<std::uint64_t>::max()};
    creates_under_way under_way;

    [[nodiscard]] journal& memory() { return *journal_; }
    [[nodiscard]] const tally& rows() const { return summary.so_far().rows; }

    // The row of the file with this number, from 0, as the planner makes work of it.
    [[nodiscard]] std::optional<work_item> work_of(std::size_t ordinal) {
        const auto reader = first.source().read();
        record row;
        for (std::size_t i = 0; i <= ordinal; ++i) {
            static_cast<void>(reader->next(row));
        }
        return planner.plan(row, first.found().rows.at(ordinal));
    }

    // Puts on disk what is written, and lets whoever waits for that go on.
    void make_durable() {
        recorder.flush();
        clock.settle();
    }

private:
    static run_summary begun(std::int64_t run) {
        run_summary summary;
        summary.run = run;
        summary.source = "a.csv";
        return summary;
    }
};

}  // namespace baseload::test
