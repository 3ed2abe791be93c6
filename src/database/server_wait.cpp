#include "baseload/database/server_wait.hpp"

#include "baseload/core/termination.hpp"

#include <libpq-fe.h>
#include <spdlog/spdlog.h>

#include <array>
#include <thread>

namespace baseload {
namespace {

constexpr std::chrono::milliseconds between_attempts{500};
constexpr std::chrono::milliseconds answer_within = std::chrono::seconds(5);

PGPing ping(const std::string& url, const char* sslmode) {
    const std::array<const char*, 4> keywords = {"connect_timeout", "dbname", "sslmode", nullptr};
    const std::array<const char*, 4> values = {"2", url.c_str(), sslmode, nullptr};
    return ::PQpingParams(keywords.data(), values.data(), 1);
}

// libpq's error does not tell a server that is away from a certificate that does not fit, or a database that is not
// there. Asked for without that, a server that is up is told by its answer. What libpq can make nothing of, as a
// service that is not there, it does not even try.
bool is_fault_of_the_url(const std::string& url) {
    return ping(url, nullptr) == PQPING_NO_ATTEMPT || ping(url, "prefer") == PQPING_OK;
}

}  // namespace

// A standby that is about to take the primary's place takes no writes yet.
bool may_come_back(database_failure::kind what) {
    return is_away(what) || what == database_failure::kind::read_only;
}

void wait_for_server(const postgres_place& place, const postgres_error& failed) {
    if (!may_come_back(failed.kind())) {
        throw failed;
    }
    if (failed.kind() == database_failure::kind::unreachable && is_fault_of_the_url(place.url)) {
        throw postgres_error(database_failure::kind::unfit, failed.what(), failed.sql_state());
    }
    spdlog::info("{} cannot be used ({}); it is tried again for {} seconds", place.text, failed.what(),
                 std::chrono::duration_cast<std::chrono::seconds>(server_patience).count());
    const auto deadline = std::chrono::steady_clock::now() + server_patience;
    while (!is_termination_requested() && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(between_attempts);
        try {
            const postgres_connection connection(place, "baseload", postgres_connection::purpose::to_write,
                                                 answer_within);
            return;
        } catch (const postgres_error& error) {
            if (!may_come_back(error.kind())) {
                return;
            }
        }
    }
}

}  // namespace baseload
