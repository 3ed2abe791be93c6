#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace baseload {

// A key whose client is known already.
struct known_id {
    std::uint64_t line = 0;
    std::string key;
    std::int64_t crm_client_id = 0;
};

// Reads a CSV file (UTF-8) with the columns key and crm_client_id, separated by commas or
// semicolons, others beside them ignored: what `export` writes is one. Rows without an id are
// left out. Throws command_error(usage) that names the line for whatever is no id, and for a key or an
// id that comes twice.
[[nodiscard]] std::vector<known_id> read_id_list(const std::filesystem::path& path);

}  // namespace baseload
