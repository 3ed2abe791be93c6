#pragma once

#include "baseload/sandbox/options.hpp"

#include "rate_window.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace baseload::sandbox {

// Which clients getCrmClients asks for: what is given must match.
struct client_filter {
    std::optional<std::int64_t> id;
    std::optional<std::int64_t> status_id;
    std::vector<std::pair<std::string, std::string>> parts;  // field and a part of it, in any case
};

struct client_page {
    std::int64_t first = 0;  // from 0
    std::int64_t count = 0;
    bool newest_first = false;
};

struct client_status {
    std::int64_t id = 0;
    std::string name;
    std::int64_t group_id = 0;
    bool is_primary = false;
};

// The stand-in's memory: clients as JSON objects, and every request that arrived. An SQLite
// file (or memory), so that it survives a restart and tests can read it. A change is in the
// file when the call returns.
class store {
public:
    // Throws command_error(usage) when the file cannot be used. An empty path is memory.
    // `statuses` are those of a new one.
    store(const std::filesystem::path& file, const std::vector<named>& statuses);

    std::int64_t insert_client(const boost::json::object& fields);
    void replace_client(std::int64_t id, const boost::json::object& fields);
    [[nodiscard]] std::optional<boost::json::object> find_client(std::int64_t id);
    [[nodiscard]] bool delete_client(std::int64_t id);
    // A page of the clients that match, by their ids.
    void each_client(const client_filter& filter, const client_page& page,
                     const std::function<void(std::int64_t, const boost::json::object&)>& visit);

    // The account's statuses and their groups, by their ids; new ones have 0 as their id.
    [[nodiscard]] std::vector<client_status> statuses();
    std::int64_t insert_status(const client_status& status);
    // Its clients get the status `target`.
    void delete_status(std::int64_t id, std::int64_t target);
    [[nodiscard]] std::vector<std::pair<std::int64_t, std::string>> status_groups();
    std::int64_t insert_status_group(const std::string& name);
    [[nodiscard]] bool delete_status_group(std::int64_t id);

    // `result`: what became of the request, for the log. Returns its number there.
    std::int64_t log_request(rate_window::time arrived, const std::string& method, const std::string& result);
    void amend_request(std::int64_t number, const std::string& result);
    void save_block(rate_window::time until);

    // Fills in the last minute's arrivals and the block.
    void restore(rate_window& window, rate_window::time now);

private:
    SQLite::Database database_;
};

}  // namespace baseload::sandbox
