#include "source/workbook/old_workbook.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace baseload {
namespace {

// Where a stream may begin in a compound file (MS-CFB, 2.4): a multiple of the smallest sector's size.
constexpr std::size_t smallest_sector = 64;
// What is told stands before the fonts and formats.
constexpr std::size_t told_bytes = 4'096;

constexpr std::uint16_t file_pass = 0x2F;
constexpr std::uint16_t code_page = 0x42;
constexpr std::uint16_t end_of_stream = 0x0A;
constexpr std::uint16_t mac_central_europe = 10029;

// Of BIFF 5 and 8, type 5: the workbook's own, and not a sheet's.
constexpr std::string_view begin_of_biff5("\x09\x08\x08\x00\x00\x05\x05\x00", 8);
constexpr std::string_view begin_of_biff8("\x09\x08\x10\x00\x00\x06\x05\x00", 8);

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) | static_cast<unsigned char>(bytes[at + 1])
                                                                                  << 8U);
}

void refuse_for(std::string_view records, const input_file& file) {
    for (std::size_t at = 0; at + 4 <= records.size();) {
        const std::uint16_t type = number_at(records, at);
        const std::size_t length = number_at(records, at + 2);
        if (type == file_pass) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: is protected by a password; open it in Excel, take the password "
                                            "out (File, Info, Protect Workbook) and save it",
                                            file.name()));
        }
        if (type == code_page && length == 2 && at + 6 <= records.size() &&
            number_at(records, at + 4) == mac_central_europe) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: was written on a Mac, in an encoding that cannot be converted "
                                            "(MacRoman for Central Europe); open it in Excel and save it as .xlsx",
                                            file.name()));
        }
        if (type == end_of_stream) {
            return;
        }
        at += 4 + length;
    }
}

}  // namespace

void refuse_unreadable_old_workbook(const input_file& file) {
    std::string piece(std::size_t{1} << 20U, '\0');
    for (std::uint64_t begin = 0; begin < file.size(); begin += piece.size() - told_bytes) {
        const std::string_view bytes(piece.data(), file.read_at(begin, piece.data(), piece.size()));
        for (std::size_t at = 0; at < bytes.size(); at += smallest_sector) {
            const std::string_view rest = bytes.substr(at, told_bytes);
            if (rest.starts_with(begin_of_biff5) || rest.starts_with(begin_of_biff8)) {
                refuse_for(rest, file);
                return;
            }
        }
    }
}

}  // namespace baseload
