#include "baseload/survey/rehearsal.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/name_lookup.hpp"
#include "baseload/survey/first_pass.hpp"
#include "baseload/survey/row_validator.hpp"
#include "baseload/survey/surveyor.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

namespace baseload {
namespace {

// The second pass's decisions, without its sending.
class rehearser {
public:
    rehearser(const first_pass& first, client_memory& memory, rehearsal_observer& observer)
        : source_(first.source()), map_(first.map()), found_(first.found()), memory_(memory), observer_(observer),
          validator_(first.job(), first.source(), first.map(), first.found()), places_(first.source().places()),
          planning_(first.planning()) {}

    // Rows that an observer hears of must be those of the first pass, so a change of the source ends the rehearsal.
    void run() {
        const auto reader = source_.read();
        record row;
        std::size_t ordinal = 0;
        for (; reader->next(row); ++ordinal) {
            // The file is looked at every 4,096 rows; a look is a system call.
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
        // Rows that need nothing are not mapped again. A `repeat` is planned with the row that it repeats.
        if (need == row_need::conflict) {
            reject(row, validator_.conflict(row.line, map_.key_of(row)));
        } else if (need == row_need::held_back) {
            reject(row, validator_.held_back(row.line, map_.key_of(row)));
        } else if (need == row_need::duplicate) {
            reject(row, validator_.duplicate(row.line, map_.key_of(row)));
        } else if (need == row_need::reject || need == row_need::create || need == row_need::update) {
            plan_row(row);
        }
    }

    void plan_row(const record& row) {
        validated_row validated = validator_.validate(row);
        if (!validated.mapped.faults.empty()) {
            if (!validated.mapped.warnings.empty()) {
                observer_.doubted(
                    placed({row.line, cells_to_correct(row), std::move(validated.mapped.warnings)}, *places_));
            }
            reject(row, std::move(validated.mapped.faults));
            return;
        }
        // Read again and not kept from the first pass, which keeps one byte a row.
        const std::optional<journal_entry> entry = memory_.find(validated.key);
        row_plan plan = decide(validated.mapped.fields, record_hash_of(row, map_), entry, planning_);
        if (plan.action == plan_action::skip_refused) {
            reject(row, {validator_.refused_before(row.line, *entry->refused)});
        } else if (plan.action == plan_action::reject) {
            reject(row, {validator_.nothing_to_send(row.line)});
        } else if (plan.action == plan_action::create || plan.action == plan_action::update) {
            observer_.unchecked(validated.mapped.unchecked_values);
            if (!validated.mapped.warnings.empty()) {
                observer_.warned(
                    placed({row.line, cells_to_correct(row), std::move(validated.mapped.warnings)}, *places_));
            }
            const source_line own = places_->at(row.line);
            observer_.planned({own.line, std::move(validated.key), plan.crm_client_id, std::move(plan.send),
                               places_->are_of_one_file() ? std::string{} : own.file});
        }
    }

    void reject(const record& row, std::vector<fault> faults) {
        // The first pass saw a fault in this row, and now there is none.
        if (faults.empty()) {
            refuse_changed_source();
        }
        observer_.rejected(placed({row.line, cells_to_correct(row), std::move(faults)}, *places_));
    }

    [[noreturn]] void refuse_changed_source() const {
        throw command_error(exit_code::stopped,
                            fmt::format("{}: was changed while it was read; begin again", source_.name()));
    }

    const record_source& source_;
    const mapper& map_;
    const survey& found_;
    client_memory& memory_;
    rehearsal_observer& observer_;
    row_validator validator_;
    std::shared_ptr<const line_places> places_;
    plan_options planning_;
};

}  // namespace

void rehearse(const settings& given, bool new_keys, rehearsal_observer& observer) {
    // Read only, as it was at this moment: a run may go on beside it.
    const std::unique_ptr<journal> j = open_job_journal_to_read(given);
    const name_resolution recall = [&](const settings& job) {
        return resolved_job{recall_names(job, *j), lists_of(job).requests()};
    };
    const first_pass first(given, recall, *j, {.new_keys = new_keys}, observer);
    if (j->may_lack_clients()) {
        observer.remarked(
            "the journal may lack customers: each new one is looked for in the account before it is created", false);
    }
    rehearser(first, *j, observer).run();
}

}  // namespace baseload
