#pragma once

#include <cstdint>

// A SQLite VFS between SQLite and the disk that remembers what was written since the last sync
// of each file, so that it can do what a power loss does: keep any part of that, in any order.
// It also fails any chosen write, as a full disk does. Loading the library makes it SQLite's
// default, in a test or (LD_PRELOAD) in the program itself; there, BASELOAD_DISK_FAULT arms it:
// "power-loss:AT:SEED" ends the process at that operation, "full:AT" fails every write from
// there on.

namespace baseload::test {

enum class disk_fault { none, power_loss, full };

// The operations (writes, truncations, syncs) are counted from here; the fault strikes at
// number `at`, from 1, and lasts.
void arm_disk(disk_fault fault, std::uint64_t at, std::uint64_t seed);

// How many there were since.
[[nodiscard]] std::uint64_t disk_operations();

// After a power loss struck and everything is closed: leaves on the disk what survived.
void restart_disk();

}  // namespace baseload::test
