#include "baseload/report/output_file.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace baseload {
namespace {

namespace fs = std::filesystem;

bool is_no_file(const fs::path& path) {
    std::error_code error;
    const fs::file_status there = fs::status(path, error);
    return fs::exists(there) && !fs::is_regular_file(there) && !fs::is_directory(there);
}

}  // namespace

output_file::output_file(const fs::path& path) {
    std::error_code ignored;
    const fs::path target = fs::weakly_canonical(path, ignored);  // a link stays, and what it leads to is written
    place_ = ignored ? path : target;
    if (is_no_file(place_)) {
        name_ = place_.string();
        descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    } else if (fs::is_directory(place_, ignored)) {
        errno = EISDIR;
    } else {
        name_ = place_.string() + ".XXXXXX";
        descriptor_ = ::mkostemp(name_.data(), O_CLOEXEC);
    }
    if (descriptor_ < 0) {
        fail();
    }
}

output_file::~output_file() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
        if (name_ != place_.string()) {
            ::unlink(name_.c_str());
        }
    }
}

void output_file::fail() {
    if (problem_.empty()) {
        problem_ = std::strerror(errno);
    }
}

void output_file::write(std::string_view text) {
    while (!text.empty() && problem_.empty()) {
        const ssize_t written = ::write(descriptor_, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            fail();
            return;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
}

void output_file::close() {
    if (descriptor_ < 0) {
        return;
    }
    if (::close(std::exchange(descriptor_, -1)) != 0) {
        fail();
    }
    if (name_ == place_.string()) {
        return;
    }
    if (!problem_.empty() || ::rename(name_.c_str(), place_.c_str()) != 0) {
        fail();
        ::unlink(name_.c_str());
    }
}

}  // namespace baseload
