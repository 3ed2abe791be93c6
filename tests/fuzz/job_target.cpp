// A text as a job document: read into settings, or refused by a stop that says why.
#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    try {
        const auto job = baseload::parse_job({reinterpret_cast<const char*>(bytes), count}, "/jobs/job.toml");
        const bool whole = !job.key.columns.empty() && !job.fields.empty() && job.account.connections > 0 &&
                           (job.account.requests_per_minute > 0 || job.account.api.loopback);
        if (!whole) {
            std::abort();
        }
    } catch (const baseload::command_error& refused) {
        if (std::string_view(refused.what()).empty()) {
            std::abort();
        }
    }
    return 0;
}
