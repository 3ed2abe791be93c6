#include "source/zip_archive.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

// No table is packed better than this; a bomb is (DEFLATE reaches 1,032).
constexpr std::uint64_t max_times = 200;
// Below it no ratio does harm: the memory and the time are any program's.
constexpr std::uint64_t harmless_size = std::uint64_t{64} << 20U;
constexpr std::uint64_t max_size = std::uint64_t{16} << 30U;

// The error's text belongs to zip_error_t, so it is copied before that is freed.
std::string reason_of(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

[[noreturn]] void refuse_part(const std::string& source, const std::string& problem) {
    throw command_error(
        exit_code::usage,
        fmt::format("{}: is a broken or hostile zip file ({}); fetch it again, or save it anew with the program "
                    "that made it",
                    source, problem));
}

class zip_stream final : public byte_stream {
public:
    zip_stream(std::unique_ptr<zip_t, decltype(&zip_discard)> archive, zip_file_t* part, const zip_stat_t& declared,
               std::string source)
        : archive_(std::move(archive)), part_(part, zip_fclose), name_(declared.name), declared_(declared.size),
          source_(std::move(source)) {}

    // Fewer bytes than asked for mean the end, so libzip's short reads are put together. At the end libzip has checked
    // the CRC-32, and says so by an error.
    [[nodiscard]] std::size_t read(char* into, std::size_t count) override {
        std::size_t filled = 0;
        while (filled < count) {
            const zip_int64_t got = zip_fread(part_.get(), into + filled, count - filled);
            if (got < 0) {
                refuse_part(source_, fmt::format("{}: {}", name_, zip_file_strerror(part_.get())));
            }
            if (got == 0) {
                break;
            }
            filled += static_cast<std::size_t>(got);
        }
        done_ += filled;
        // The declared size is what was judged when the part was opened: more would go past that judgement.
        if (done_ > declared_ || (filled < count && done_ != declared_)) {
            refuse_part(source_, fmt::format("{} is said to have {} bytes, and has {}{}", name_, grouped(declared_),
                                             done_ > declared_ ? "more than " : "", grouped(done_)));
        }
        return filled;
    }

private:
    // Destroyed after part_, which reads from it.
    std::unique_ptr<zip_t, decltype(&zip_discard)> archive_;
    std::unique_ptr<zip_file_t, decltype(&zip_fclose)> part_;
    std::string name_;
    std::uint64_t declared_;
    std::uint64_t done_ = 0;
    std::string source_;
};

}  // namespace

zip_archive::zip_archive(const input_file& file) : file_(file) {
    const handle archive = open_archive();
    const zip_int64_t count = zip_get_num_entries(archive.get(), 0);
    for (zip_int64_t i = 0; i < count; ++i) {
        // ZIP_FL_ENC_GUESS: old archives have names in CP437, newer ones in UTF-8.
        const char* name = zip_get_name(archive.get(), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
        // Folders have entries of their own, which hold nothing.
        if (name != nullptr && !std::string_view(name).ends_with('/')) {
            names_.emplace_back(name);
            // Some writers take the separator of Windows; the format has "/" alone (APPNOTE, 4.4.17).
            std::replace(names_.back().begin(), names_.back().end(), '\\', '/');
            indices_.push_back(static_cast<std::uint64_t>(i));
        }
    }
}

// By the open file and not by its name, which may lead to another by now.
zip_archive::handle zip_archive::open_archive() const {
    int error = 0;
    handle archive(zip_open(fmt::format("/proc/self/fd/{}", file_.descriptor()).c_str(), ZIP_RDONLY, &error),
                   zip_discard);
    if (!archive) {
        refuse(reason_of(error));
    }
    return archive;
}

// By its name; else by one in another case, as Windows and so Excel find it.
std::optional<std::uint64_t> zip_archive::index_of(const std::string& part) const {
    auto at = std::find(names_.begin(), names_.end(), part);
    if (at == names_.end()) {
        const std::string lower = ascii_lower(part);
        at = std::find_if(names_.begin(), names_.end(),
                          [&](const std::string& name) { return ascii_lower(name) == lower; });
    }
    return at == names_.end() ? std::nullopt : std::optional(indices_[static_cast<std::size_t>(at - names_.begin())]);
}

bool zip_archive::has(const std::string& part) const {
    return index_of(part).has_value();
}

// A handle for each part, since libzip's handles must not be used by two readers at once.
std::unique_ptr<byte_stream> zip_archive::open(const std::string& part) const {
    handle archive = open_archive();
    zip_stat_t declared;
    zip_stat_init(&declared);
    const auto index = index_of(part);
    if (!index || zip_stat_index(archive.get(), *index, 0, &declared) != 0) {
        refuse(fmt::format("its part {} is missing", part));
    }
    // Asked before, or the error would only say that a password is missing, and not what to do.
    if ((declared.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && declared.encryption_method != ZIP_EM_NONE) {
        throw command_error(
            exit_code::usage,
            fmt::format("{}: is protected by a password; save it without one and try again", file_.name()));
    }
    // What it takes in the archive cannot be more than the archive.
    const std::uint64_t packed = std::min<std::uint64_t>(declared.comp_size, file_.size());
    // Judged by what the archive declares, before a byte is unpacked; zip_stream holds it to that.
    if (declared.size > max_size || (declared.size > harmless_size && declared.size / max_times > packed)) {
        refuse(fmt::format("its part {} unpacks from {} to {} bytes", part, grouped(packed), grouped(declared.size)));
    }
    zip_file_t* opened = zip_fopen_index(archive.get(), declared.index, 0);
    if (opened == nullptr) {
        refuse(fmt::format("{}: {}", part, zip_strerror(archive.get())));
    }
    // zip_stat's own name belongs to the archive's memory; this one lives through the constructor, which copies it.
    declared.name = part.c_str();
    return std::make_unique<zip_stream>(std::move(archive), opened, declared, file_.name());
}

std::string zip_archive::content(const std::string& part) const {
    const auto stream = open(part);
    std::string all;
    std::string piece(std::size_t{64} * 1024, '\0');
    for (;;) {
        const std::size_t count = stream->read(piece.data(), piece.size());
        all.append(piece, 0, count);
        // byte_stream gives fewer bytes only at the end.
        if (count < piece.size()) {
            return all;
        }
        if (all.size() > harmless_size) {
            refuse(fmt::format("its part {} has more than {} bytes", part, grouped(harmless_size)));
        }
    }
}

void zip_archive::refuse(const std::string& problem) const {
    refuse_part(file_.name(), problem);
}

}  // namespace baseload
