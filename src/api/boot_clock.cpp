#include "baseload/api/boot_clock.hpp"

#include <ctime>
#include <fstream>

namespace baseload {

boot_clock::time_point boot_clock::now() {
    std::timespec t{};
    ::clock_gettime(CLOCK_BOOTTIME, &t);
    const auto since_boot = std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
    return time_point(std::chrono::duration_cast<duration>(since_boot));
}

std::string boot_id() {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(in, id);
    return id;
}

}  // namespace baseload
