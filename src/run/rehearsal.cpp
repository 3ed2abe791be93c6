#include "baseload/run/rehearsal.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/core/stop.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/mapping/mapper.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/run/import_run.hpp"
#include "baseload/run/open_source.hpp"
#include "job_journal.hpp"
#include "name_lookup.hpp"
#include "row_judge.hpp"
#include "source_guard.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include <stdlib.h>

namespace baseload {
namespace {

// The job's journal to look at, or an empty one of its own where no run has made it yet.
class known_clients {
public:
    explicit known_clients(const settings& job) {
        if (std::filesystem::exists(job.journal)) {
            journal_ = open_journal_to_read(job.journal);
            return;
        }
        std::string pattern = (std::filesystem::temp_directory_path() / "baseload-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw stop(exit_code::usage, fmt::format("no temporary folder {}; set TMPDIR to one with room", pattern));
        }
        folder_ = pattern;
        settings fresh = job;
        fresh.journal = folder_ / "empty.journal";
        journal_ = open_job_journal(fresh);
    }

    ~known_clients() {
        journal_.reset();
        std::error_code ignored;
        if (!folder_.empty()) {
            std::filesystem::remove_all(folder_, ignored);
        }
    }
    known_clients(const known_clients&) = delete;
    known_clients& operator=(const known_clients&) = delete;

    [[nodiscard]] journal& get() { return *journal_; }

private:
    std::filesystem::path folder_;
    std::unique_ptr<journal> journal_;
};

class rehearser {
public:
    rehearser(const settings& job, const record_source& source, const mapper& map, const survey& found, journal& known,
              rehearsal_observer& observer)
        : source_(source), map_(map), found_(found), journal_(known), observer_(observer),
          judge_(job, source.name(), map, found), options_(plan_options_of(job, {})) {}

    void run() {
        const auto reader = source_.read();
        record row;
        std::size_t ordinal = 0;
        for (; reader->next(row); ++ordinal) {
            if (ordinal == found_.rows.size() || (ordinal % 4096 == 0 && source_.has_changed())) {
                refuse_changed_source();
            }
            look_at(row, found_.rows[ordinal]);
        }
        if (ordinal != found_.rows.size()) {
            refuse_changed_source();
        }
    }

private:
    void look_at(const record& row, row_need need) {
        if (need == row_need::conflict) {
            reject(row, judge_.conflict(row.line, map_.key_of(row)));
        } else if (need == row_need::reject || need == row_need::create || need == row_need::update) {
            plan_row(row);
        }
    }

    void plan_row(const record& row) {
        judged_row judged = judge_.judge(row);
        if (!judged.mapped.faults.empty()) {
            reject(row, std::move(judged.mapped.faults));
            return;
        }
        const std::optional<entry> known = journal_.find(judged.key);
        plan what = decide(judged.mapped.fields, record_fingerprint(row, map_), known, options_);
        if (what.what == action::stay_refused) {
            reject(row, {judge_.refused_before(row.line, *known->refused)});
        } else if (what.what == action::reject) {
            reject(row, {judge_.nothing_to_send(row.line)});
        } else if (what.what == action::create || what.what == action::update) {
            observer_.warned(judged.mapped.warnings);
            observer_.planned({row.line, std::move(judged.key), what.crm_client_id, std::move(what.send)});
        }
    }

    void reject(const record& row, std::vector<fault> faults) {
        if (faults.empty()) {
            refuse_changed_source();
        }
        observer_.rejected({row.line, cells_to_mend(row), std::move(faults)});
    }

    [[noreturn]] void refuse_changed_source() const {
        throw stop(exit_code::stopped, fmt::format("{}: was changed while it was read; begin again", source_.name()));
    }

    const record_source& source_;
    const mapper& map_;
    const survey& found_;
    journal& journal_;
    rehearsal_observer& observer_;
    row_judge judge_;
    plan_options options_;
};

}  // namespace

void rehearse(const settings& given, rehearsal_observer& observer) {
    known_clients known(given);
    const std::unique_ptr<record_source> opened = open_source(given.source);
    const record_source& source = *opened;
    const settings job = recall_names(given, known.get());
    const std::vector<std::string> header = source.read()->header();
    const mapper map(job, header, source.name());
    observer.opened(source, header);
    const survey found = make_survey(source, map, known.get(), plan_options_of(job, {}), [] { return true; });
    if (!is_rejects_header(header)) {
        guard_against_cut_off_source(job, source.name(), found.rows.size(), known.get());
    }
    observer.foreseen(foresee(found, job, lists_of(given).requests()));
    if (found.similar_keys > 0) {
        observer.similar(found.similar, found.similar_keys);
    }
    rehearser(job, source, map, found, known.get(), observer).run();
}

}  // namespace baseload
