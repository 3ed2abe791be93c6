#pragma once

#include "baseload/journal/journal.hpp"
#include "baseload/plan/plan.hpp"
#include "baseload/survey/forecast.hpp"
#include "baseload/survey/mapped_source.hpp"
#include "baseload/survey/missing_keys.hpp"
#include "baseload/survey/survey.hpp"
#include "baseload/survey/survey_observer.hpp"

#include <functional>

namespace baseload {

struct first_pass_options {
    bool retry_refused = false;  // plan to send again what the server refused before
    bool new_keys = false;       // a person says that keys which are like known ones are meant
    bool asks_account = true;    // before the first create of a journal
    shard part = {};             // what other shards have is not planned
    std::function<bool()> keep_going = [] { return true; };
};

// The first pass, the same for a run and for a rehearsal of one: opens the source, surveys it against the journal,
// refuses one that was cut off or has other keys, and says what lies ahead. Nothing is sent but what `resolve` asks.
class first_pass : public mapped_source {
public:
    // Throws command_error as mapped_source, make_survey and guard_against_cut_off_source do.
    first_pass(const settings& given, const name_resolution& resolve, journal& j, const first_pass_options& options,
               survey_observer& observer);

    [[nodiscard]] const survey& found() const { return found_; }
    [[nodiscard]] const forecast& ahead() const { return ahead_; }
    [[nodiscard]] const missing_keys& missing() const { return missing_; }  // of a part of a source there are none
    [[nodiscard]] const plan_options& planning() const { return planning_; }

private:
    plan_options planning_;
    survey found_;
    missing_keys missing_;
    forecast ahead_;
};

}  // namespace baseload
