#include "baseload/survey/first_pass.hpp"

#include "baseload/survey/source_guard.hpp"

namespace baseload {

first_pass::first_pass(const settings& given, const name_resolution& resolve, journal& j,
                       const first_pass_options& options, survey_observer& observer)
    : mapped_source(given, resolve), planning_{.retry_refused = options.retry_refused,
                                               .recreate_deleted =
                                                   job().account.on_deleted == deleted_policy::recreate} {
    observer.opened(source(), header());
    found_ = make_survey(source(), map(), j, planning_, options.keep_going);
    if (!is_partial()) {
        guard_against_cut_off_source(job(), source().name(), found_.rows.size(), j);
    }
    ahead_ = foresee(found_, job(), lookup_requests());
    observer.foreseen(ahead_);
    if (found_.similar_keys > 0) {
        observer.similar(found_.similar, found_.similar_keys);
    }
}

}  // namespace baseload
