#pragma once

#include "baseload/core/rejection.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/source/record_source.hpp"
#include "baseload/survey/forecast.hpp"
#include "baseload/survey/survey.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace baseload {

// Hears what a run or a rehearsal finds in its source, in this order: opened, foreseen, missed, remarked, similar,
// same, then the rows. What it throws ends the command. Called on the I/O thread.
class survey_observer {
public:
    virtual ~survey_observer() = default;

    virtual void opened(const record_source& source, const std::vector<std::string>& header) = 0;
    virtual void foreseen(const forecast& f) = 0;
    // What only the whole pass could tell of the source, with its name; `is_likely_wrong`: something a person has to
    // see at once, and not only worth knowing.
    virtual void remarked(const std::string& /*remark*/, bool /*is_likely_wrong*/) {}
    // Who is missing, before anything is done about it: nobody where the job does not ask.
    virtual void missed(const missing_summary& /*m*/) {}
    // New keys that are most likely other spellings of known ones: `found` of all `count`.
    virtual void similar(const std::vector<similar_key>& found, std::uint64_t count) = 0;
    // Rows under different keys that are one customer, it seems: `found` of all `count`.
    virtual void same(const std::vector<same_customer>& found, std::uint64_t count) = 0;
    virtual void rejected(const rejection& r) = 0;
    // A row that is sent nevertheless, with what is implausible in it.
    virtual void warned(const rejection& /*r*/) {}
};

}  // namespace baseload
