#pragma once

#include "baseload/mapping/mapper.hpp"
#include "baseload/run/survey.hpp"
#include "baseload/source/record_source.hpp"
#include "outcome_book.hpp"
#include "row_judge.hpp"
#include "stop_request.hpp"
#include "work_item.hpp"

#include <optional>
#include <string>
#include <vector>

namespace baseload {

// The second pass's look at each row: settles what needs no request, and turns the rest
// into work. It maps and plans anew, against the journal as it is now. Keeps references.
class row_sorter {
public:
    row_sorter(const settings& job, const record_source& source, const mapper& map, const survey& found, journal& known,
               outcome_book& book, const stop_request& wish, plan_options options)
        : source_(source), map_(map), journal_(known), book_(book), stop_(wish), options_(options),
          judge_(job, source.name(), map, found) {}

    // The work that the row needs, or nothing when it is settled. `replaced_characters` grows
    // by those of rows that are to be sent. Throws stop(stopped) when the source is not what
    // the first pass saw.
    [[nodiscard]] std::optional<work_item> sort(const record& row, row_need need, std::uint64_t& replaced_characters);

    // The work that a row needs whose doubt is settled. Precondition: its key is under way.
    [[nodiscard]] std::optional<work_item> plan_anew(work_item item);

private:
    [[nodiscard]] std::optional<work_item> plan_row(const record& row, std::uint64_t& replaced_characters);
    void settle(work_item item, const std::optional<entry>& known);
    void reject(work_item& item, fault why);
    [[nodiscard]] std::string key_as_surveyed(const record& row) const;
    [[noreturn]] void refuse_changed_source() const;
    [[nodiscard]] std::vector<fault> conflict(const record& row) const;

    const record_source& source_;
    const mapper& map_;
    journal& journal_;
    outcome_book& book_;
    const stop_request& stop_;
    plan_options options_;
    row_judge judge_;
};

}  // namespace baseload
