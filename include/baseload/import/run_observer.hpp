#pragma once

#include "baseload/core/progress.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/survey/rehearsal.hpp"
#include "baseload/survey/survey_observer.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace baseload {

// Hears of a run while it goes on.
class run_observer : public survey_observer {
public:
    virtual void doubtful(const doubtful_create& d) = 0;
    virtual void advanced(const progress& p) = 0;
    virtual void missing(const missing_summary& m) = 0;

    // Asked before anything is sent by the first run of a journal, with a few of the clients to be made. No sends
    // nothing.
    [[nodiscard]] virtual bool confirms_first_run(const forecast& /*f*/,
                                                  const std::vector<planned_change>& /*samples*/) {
        return true;
    }

    // Called once, where each row of the source has its outcome and none is in doubt or left to another run. Returns
    // what went wrong with what it does then, which stops the run; blank: nothing.
    [[nodiscard]] virtual std::string went_in() { return {}; }

    // How often it wants to hear of progress.
    [[nodiscard]] virtual std::chrono::milliseconds progress_interval() const = 0;
};

}  // namespace baseload
