#include "support/faulty_disk.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>
#include <random>
#include <string>
#include <vector>

namespace baseload::test {
namespace {

constexpr std::size_t sector = 512;

struct change {
    sqlite3_int64 offset = 0;
    std::string bytes;
    bool truncates = false;  // to `offset`
};

// A file as it lies on the disk for certain, and what was done to it since.
struct file_history {
    std::string synced;
    std::vector<change> since;
};

struct disk {
    disk_fault fault = disk_fault::none;
    std::uint64_t at = 0;
    std::uint64_t seed = 0;
    std::uint64_t operations = 0;
    bool struck = false;
    bool ends_process = false;
    std::map<std::string, file_history> files;
};

// Lives as long as the process: SQLite closes files while statics go.
disk& the_disk() {
    static auto* all = new disk;
    return *all;
}

sqlite3_vfs* real_vfs = nullptr;

struct wrapped_file : sqlite3_file {
    std::string* path;  // null for a file whose name is nobody's business
    sqlite3_file* real;
};

wrapped_file* wrapped(sqlite3_file* file) {
    return static_cast<wrapped_file*>(file);
}

void apply(const change& c, std::string& image, std::size_t begin, std::size_t end) {
    if (c.truncates) {
        image.resize(static_cast<std::size_t>(c.offset));
        return;
    }
    const auto offset = static_cast<std::size_t>(c.offset);
    image.resize(std::max(image.size(), offset + end));
    std::copy(c.bytes.begin() + static_cast<std::ptrdiff_t>(begin), c.bytes.begin() + static_cast<std::ptrdiff_t>(end),
              image.begin() + static_cast<std::ptrdiff_t>(offset + begin));
}

// Each change since the sync is kept whole, lost, or torn between sectors.
std::string surviving(const file_history& file, std::mt19937_64& chance) {
    std::string image = file.synced;
    for (const change& c : file.since) {
        const auto fate = std::uniform_int_distribution<>(0, 3)(chance);
        if (fate == 0 || (c.truncates && fate < 2)) {
            continue;
        }
        const std::size_t sectors = c.bytes.size() / sector;
        if (fate == 1 && sectors > 1) {
            const std::size_t cut = std::uniform_int_distribution<std::size_t>(1, sectors - 1)(chance) * sector;
            const bool head = std::uniform_int_distribution<>(0, 1)(chance) == 0;
            apply(c, image, head ? 0 : cut, head ? cut : c.bytes.size());
        } else {
            apply(c, image, 0, c.bytes.size());
        }
    }
    return image;
}

// True when the operation is to fail.
bool strikes(bool is_write) {
    disk& d = the_disk();
    ++d.operations;
    if (d.fault == disk_fault::none || d.operations < d.at) {
        return false;
    }
    if (d.fault == disk_fault::full) {
        return is_write;
    }
    d.struck = true;
    if (d.ends_process) {
        restart_disk();
        std::_Exit(137);
    }
    return true;
}

int failure() {
    return the_disk().fault == disk_fault::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

file_history* history(sqlite3_file* file) {
    const wrapped_file* w = wrapped(file);
    return w->path == nullptr ? nullptr : &the_disk().files[*w->path];
}

int close_file(sqlite3_file* file) {
    wrapped_file* w = wrapped(file);
    const int result = w->real->pMethods->xClose(w->real);
    delete w->path;
    return result;
}

int read_file(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xRead(real, into, count, offset);
}

int write_file(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset) {
    if (strikes(true)) {
        return failure();
    }
    sqlite3_file* real = wrapped(file)->real;
    const int result = real->pMethods->xWrite(real, from, count, offset);
    file_history* past = history(file);
    if (result == SQLITE_OK && past != nullptr) {
        past->since.push_back(
            {offset, std::string(static_cast<const char*>(from), static_cast<std::size_t>(count)), false});
    }
    return result;
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
    if (strikes(true)) {
        return failure();
    }
    sqlite3_file* real = wrapped(file)->real;
    const int result = real->pMethods->xTruncate(real, size);
    if (file_history* past = history(file); result == SQLITE_OK && past != nullptr) {
        past->since.push_back({size, {}, true});
    }
    return result;
}

int sync_file(sqlite3_file* file, int flags) {
    if (strikes(false)) {
        return failure();
    }
    sqlite3_file* real = wrapped(file)->real;
    const int result = real->pMethods->xSync(real, flags);
    if (file_history* past = history(file); result == SQLITE_OK && past != nullptr) {
        for (const change& c : past->since) {
            apply(c, past->synced, 0, c.bytes.size());
        }
        past->since.clear();
    }
    return result;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xFileSize(real, size);
}
int lock_file(sqlite3_file* file, int level) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xLock(real, level);
}
int unlock_file(sqlite3_file* file, int level) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xUnlock(real, level);
}
int check_lock(sqlite3_file* file, int* reserved) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xCheckReservedLock(real, reserved);
}
// The size hint would grow the file behind this back.
int control_file(sqlite3_file* file, int operation, void* argument) {
    sqlite3_file* real = wrapped(file)->real;
    const bool is_hint = operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE;
    return is_hint ? SQLITE_OK : real->pMethods->xFileControl(real, operation, argument);
}
int sector_size(sqlite3_file* file) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xSectorSize(real);
}
// No promise beyond POSIX: no atomic writes, no safe appends, no order.
int characteristics(sqlite3_file* /*file*/) {
    return 0;
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** memory) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xShmMap(real, page, size, extend, memory);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xShmLock(real, offset, count, flags);
}
void barrier(sqlite3_file* file) {
    sqlite3_file* real = wrapped(file)->real;
    real->pMethods->xShmBarrier(real);
}
int unmap_shared(sqlite3_file* file, int remove) {
    sqlite3_file* real = wrapped(file)->real;
    return real->pMethods->xShmUnmap(real, remove);
}

const sqlite3_io_methods methods = {
    2,           close_file,  read_file,    write_file,   truncate_file, sync_file,       file_size,
    lock_file,   unlock_file, check_lock,   control_file, sector_size,   characteristics, map_shared,
    lock_shared, barrier,     unmap_shared, nullptr,      nullptr};

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

int open_file(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* out_flags) {
    auto* w = new (file) wrapped_file;
    w->pMethods = nullptr;
    w->path = nullptr;
    w->real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + sizeof(wrapped_file));
    const int result = real_vfs->xOpen(real_vfs, name, w->real, flags, out_flags);
    if (w->real->pMethods == nullptr) {
        return result;
    }
    w->pMethods = &methods;
    const int kept = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL;
    disk& d = the_disk();
    // In the program itself: the account's state is written by other processes too, of which
    // this one knows nothing.
    const bool is_ours = name != nullptr && (!d.ends_process || std::strstr(name, ".journal") != nullptr);
    if (result == SQLITE_OK && is_ours && (flags & kept) != 0) {
        w->path = new std::string(name);
        if (!d.files.contains(*w->path)) {
            d.files[*w->path].synced = content_of(*w->path);
        }
    }
    return result;
}

// A full disk still lets go of files.
int delete_file(sqlite3_vfs* /*vfs*/, const char* name, int sync_folder) {
    if (strikes(false)) {
        return failure();
    }
    the_disk().files.erase(name);
    return real_vfs->xDelete(real_vfs, name, sync_folder);
}

// "power-loss:AT:SEED" or "full:AT".
void arm_from_environment() {
    const char* wish = std::getenv("BASELOAD_DISK_FAULT");
    unsigned long long at = 0;
    unsigned long long seed = 0;
    if (wish == nullptr) {
        return;
    }
    if (std::sscanf(wish, "power-loss:%llu:%llu", &at, &seed) == 2) {
        the_disk().ends_process = true;
        arm_disk(disk_fault::power_loss, at, seed);
    } else if (std::sscanf(wish, "full:%llu", &at) == 1) {
        arm_disk(disk_fault::full, at, 0);
    } else {
        std::fputs("BASELOAD_DISK_FAULT is neither power-loss:AT:SEED nor full:AT\n", stderr);
        std::_Exit(2);
    }
}

[[gnu::constructor]] void install() {
    real_vfs = sqlite3_vfs_find(nullptr);
    static sqlite3_vfs shim = *real_vfs;
    shim.zName = "faulty-disk";
    shim.szOsFile = static_cast<int>(sizeof(wrapped_file)) + real_vfs->szOsFile;
    shim.pNext = nullptr;
    shim.xOpen = open_file;
    shim.xDelete = delete_file;
    sqlite3_vfs_register(&shim, 1);
    arm_from_environment();
}

}  // namespace

void arm_disk(disk_fault fault, std::uint64_t at, std::uint64_t seed) {
    disk& d = the_disk();
    d.fault = fault;
    d.at = at;
    d.seed = seed;
    d.operations = 0;
    d.struck = false;
}

std::uint64_t disk_operations() {
    return the_disk().operations;
}

void restart_disk() {
    disk& d = the_disk();
    if (d.struck) {
        std::mt19937_64 chance(d.seed);
        for (const auto& [path, file] : d.files) {
            // At once, should somebody kill the process just now.
            const std::string part = path + ".surviving";
            std::ofstream(part, std::ios::binary | std::ios::trunc) << surviving(file, chance);
            std::error_code ignored;
            std::filesystem::rename(part, path, ignored);
            std::filesystem::remove(path + "-shm", ignored);  // it was memory
        }
    }
    d.files.clear();
    arm_disk(disk_fault::none, 0, 0);
}

}  // namespace baseload::test
