#include "baseload/survey/source_guard.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

namespace baseload {

void guard_against_cut_off_source(const settings& job, const std::string& source, std::uint64_t records,
                                  run_history& history) {
    if (records < job.source.min_rows) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has {}, and {} is the least that [source] min_rows takes for whole; nothing was sent",
                        source, records == 0 ? "a header and no rows" : counted(records, "row"),
                        grouped(job.source.min_rows)));
    }
    const auto before = history.last_full_records();
    if (!job.source.max_shrink || !before || *before == 0) {
        return;
    }
    const double least = static_cast<double>(*before) * (1 - *job.source.max_shrink);
    if (static_cast<double>(records) < least) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: has {}, and the last full run read {}: more than [source] max_shrink = \"{:g}%\" are "
                        "gone, as if the file was cut off; nothing was sent. If it is whole, raise max_shrink",
                        source, counted(records, "row"), grouped(*before), *job.source.max_shrink * 100));
    }
}

}  // namespace baseload
