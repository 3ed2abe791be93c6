#pragma once

#include "baseload/core/progress.hpp"
#include "baseload/core/summary.hpp"

#include <string>

namespace baseload {

// What of a run has no column of its own in `run`, as JSON. A blank text decodes to nothing: a run of an older format,
// or one that did not end.
[[nodiscard]] std::string encode_more(const run_summary& summary);
void decode_more(const std::string& text, run_summary& into);

[[nodiscard]] std::string encode_details(const run_details& details);
[[nodiscard]] run_details decode_details(const std::string& text);

// All of a summary, with its details: of one shard, for the one that judges the run.
[[nodiscard]] std::string encode_summary(const run_summary& summary);
[[nodiscard]] run_summary decode_summary(const std::string& text);

[[nodiscard]] std::string encode_progress(const progress& p);
// A blank text is of a run that has not told yet.
[[nodiscard]] progress decode_progress(const std::string& text);

}  // namespace baseload
