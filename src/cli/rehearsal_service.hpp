#pragma once

#include "baseload/config/settings.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace baseload {

// A sandbox of its own for a run that shall reach nobody, in a process of its own, with the job's journal and the
// account's limit left alone. Both are gone with the object.
class rehearsal_service {
public:
    // Starts it, with the account's statuses and extra fields as the job's journal last learnt them. Throws
    // command_error(stopped) when it does not start.
    explicit rehearsal_service(const settings& job);
    ~rehearsal_service();
    rehearsal_service(const rehearsal_service&) = delete;
    rehearsal_service& operator=(const rehearsal_service&) = delete;

    // The same job, against it.
    [[nodiscard]] settings pointed_at_it(settings job) const;

private:
    std::filesystem::path folder_;
    pid_t process_ = -1;
    std::string url_;
};

}  // namespace baseload
