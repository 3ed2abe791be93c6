#pragma once

#include "baseload/core/progress.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/survey/rehearsal.hpp"
#include "baseload/survey/survey_observer.hpp"

#include <chrono>
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

    // How often it wants to hear of progress.
    [[nodiscard]] virtual std::chrono::milliseconds progress_interval() const = 0;
};

}  // namespace baseload
