#include "baseload/survey/first_pass.hpp"

#include "baseload/survey/source_guard.hpp"
#include "baseload/survey/surveyor.hpp"
#include "conflict_comparison.hpp"
#include "same_customer_finder.hpp"

#include <fmt/format.h>

namespace baseload {
namespace {

// A client that the journal may have lost is found before it is created once more.
name_resolution with_look_ups(const name_resolution& resolve, const journal& j) {
    return [&](const settings& given) {
        resolved_job found = resolve(given);
        found.job.look_up_creates = found.job.look_up_creates || j.may_lack_clients();
        return found;
    };
}

}  // namespace

first_pass::first_pass(const settings& given, const name_resolution& resolve, journal& j,
                       const first_pass_options& options, survey_observer& observer)
    : mapped_source(given, with_look_ups(resolve, j)), planning_{.retry_refused = options.retry_refused,
                                                                 .recreate_deleted = job().account.on_deleted ==
                                                                                     deleted_policy::recreate} {
    // Before the long reading, so that a person sees at once whether the columns are the right ones.
    observer.opened(source(), header());
    // Whoever says that the new keys are meant is not asked about each of them.
    const bool hold_keys = !options.new_keys && !job().key.all_new;
    found_ = make_survey(source(), map(), j, planning_,
                         {.hold_keys = hold_keys, .part = options.part, .keep_going = options.keep_going});
    // Whoever ends last judges for all shards: they must agree on that too.
    found_.division = content_hash_of(fmt::format("{} {} {} {} {} {}", static_cast<int>(job().missing.action),
                                                  job().missing.status_id, job().missing.max_share, hold_keys,
                                                  static_cast<int>(job().key.duplicates), is_partial()),
                                      found_.division.bits);
    // First: with a key that identifies nobody, what the other guards count says nothing.
    guard_against_useless_key(job(), source().name(), found_);
    compare_conflicts(source(), map(), found_, options.keep_going);
    // A part has only some of the rows, and that is no sign of anything.
    if (!is_partial()) {
        guard_against_cut_off_source(job(), source().name(), found_, j);
    }
    // A part may be cut off too. What a person names by hand has no done file.
    if (!is_rejects() && !job().source.is_named) {
        guard_against_incomplete_source(job(), source(), found_);
    }
    // Of a file from outside it is: its keys may be written in another way, and every row would be created again.
    // A handful of new customers in a part says nothing of its keys; each is held against the known ones all the same.
    const bool is_handful = is_partial() && found_.rows.size() < too_few_to_tell;
    // Of the changed customers alone most known ones have no row by right.
    if (hold_keys && !is_rejects() && !is_handful && !job().source.is_changes) {
        guard_against_other_keys(source().name(), found_, j);
    }
    if (job().key.duplicates != duplicates_policy::ignore) {
        find_same_customers(job(), source(), map(), found_, options.keep_going);
    }
    // After the guards: what is foretold is a run that may take place. Of a part of a source nobody is missing: the
    // rows are elsewhere.
    if (!is_partial()) {
        missing_ = find_missing_keys(job(), found_, j);
    }
    // The guards judge the whole source, in each shard alike.
    found_.leave_other_shards();
    ahead_ = foresee(found_, missing_, job(), lookup_requests(), options.asks_account && !j.has_history());
    observer.foreseen(ahead_);
    observer.missed(summary_of(missing_, job().missing, j));
    for (const std::string& remark : found_.remarks) {
        // Of several files each remark names its own.
        observer.remarked((source().parts().size() == 1 ? source().name() + ": " : "") + remark, false);
    }
    if (ahead_.records > 0 && ahead_.skipped == ahead_.records) {
        observer.remarked(source().name() + ": every row is left out by [source] only or skip; is that meant?", true);
    }
    if (found_.open_end && !is_rejects()) {
        // Many programs write no line end at the end.
        observer.remarked(sign_of_cut(source(), *found_.open_end),
                          found_.open_end->has_fewer || found_.open_end->is_shorter);
    }
    if (found_.similar_keys > 0) {
        observer.similar(found_.similar, found_.similar_keys);
    }
    if (found_.same_customers_count > 0) {
        observer.same(found_.same_customers, found_.same_customers_count);
    }
}

}  // namespace baseload
