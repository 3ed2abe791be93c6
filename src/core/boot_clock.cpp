#include "baseload/core/boot_clock.hpp"

#include <ctime>
#include <fstream>

namespace baseload {

boot_clock::time_point boot_clock::now() {
    std::timespec t{};
    // CLOCK_BOOTTIME counts while the machine sleeps, unlike CLOCK_MONOTONIC, by which steady_clock goes
    // (clock_gettime(2)).
    ::clock_gettime(CLOCK_BOOTTIME, &t);
    const auto since_boot = std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
    return time_point(std::chrono::duration_cast<duration>(since_boot));
}

std::string boot_id() {
    // Where there is no such file the id stays blank, and the times of any program are taken for another boot's
    // (account_state.cpp, adopt).
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(in, id);
    return id;
}

}  // namespace baseload
