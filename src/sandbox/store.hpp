#pragma once

#include "rate_window.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <boost/json/object.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace baseload::sandbox {

// The stand-in's memory: clients as JSON objects, and every request that arrived. An SQLite
// file (or memory), so that it survives a restart and tests can read it. A change is in the
// file when the call returns.
class store {
public:
    // Throws stop(usage) when the file cannot be used. An empty path is memory.
    explicit store(const std::filesystem::path& file);

    std::int64_t insert_client(const boost::json::object& fields);
    void replace_client(std::int64_t id, const boost::json::object& fields);
    [[nodiscard]] std::optional<boost::json::object> find_client(std::int64_t id);
    [[nodiscard]] bool delete_client(std::int64_t id);
    void each_client(const std::function<void(std::int64_t, const boost::json::object&)>& visit);

    // `result`: what became of the request, for the log.
    void log_request(rate_window::time arrived, const std::string& method, const std::string& result);
    void save_block(rate_window::time until);

    // Fills in the last minute's arrivals and the block.
    void restore(rate_window& window, rate_window::time now);

private:
    SQLite::Database database_;
};

}  // namespace baseload::sandbox
