#pragma once

#include "baseload/journal/client_memory.hpp"
#include "baseload/session/stop_signal.hpp"
#include "baseload/survey/first_pass.hpp"
#include "baseload/survey/row_validator.hpp"
#include "outcome_recorder.hpp"
#include "work_item.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// The second pass's look at each row: settles what needs no request, and turns the rest
// into work. It maps and plans anew, against the journal as it is now. Keeps references.
class row_planner {
public:
    // `limit_rows`: of creates and updates; the rows behind them are left to another run.
    row_planner(const first_pass& first, client_memory& memory, outcome_recorder& recorder, const stop_signal& stop,
                std::uint64_t limit_rows)
        : source_(first.source()), map_(first.map()), memory_(memory), recorder_(recorder), stop_(stop),
          rows_to_send_(limit_rows), planning_(first.planning()),
          validator_(first.job(), first.source(), first.map(), first.found()) {}

    // The work that the row needs, or nothing when it is settled. Throws command_error(stopped) when the source is not
    // what the first pass saw.
    [[nodiscard]] std::optional<work_item> plan(const record& row, row_need need);

    // The keys of the rows that are planned next: asked for at once, where the journal is behind a network.
    void look_ahead(const std::vector<std::string>& keys);

    // The work that a row needs whose doubt is settled. Precondition: its key is under way.
    [[nodiscard]] std::optional<work_item> replan(work_item item);

private:
    [[nodiscard]] std::optional<work_item> plan_row(const record& row);
    [[nodiscard]] std::optional<journal_entry> entry_of(const std::string& key);
    static void restore_status(work_item& item, const std::optional<journal_entry>& entry);
    [[nodiscard]] bool may_send(const work_item& item);
    void settle(work_item item, const std::optional<journal_entry>& entry);
    void reject(work_item& item, fault why);
    [[nodiscard]] std::string key_as_surveyed(const record& row) const;
    [[noreturn]] void refuse_changed_source() const;
    [[nodiscard]] std::vector<fault> known_fault(std::vector<fault> faults) const;

    const record_source& source_;
    const mapper& map_;
    client_memory& memory_;
    outcome_recorder& recorder_;
    const stop_signal& stop_;
    std::uint64_t rows_to_send_;  // how many more may be sent
    plan_options planning_;
    row_validator validator_;
    std::uint64_t rows_since_look_ = 0;
    std::map<std::string, std::optional<journal_entry>> ahead_;
};

}  // namespace baseload
