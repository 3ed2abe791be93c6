#pragma once

#include "baseload/database/postgres_connection.hpp"
#include "baseload/database/postgres_place.hpp"

#include <chrono>
#include <utility>

namespace baseload {

// For how long a server is waited for that does not answer, or whose standby is yet to take its place.
inline constexpr std::chrono::milliseconds server_patience = std::chrono::seconds(20);

// Whether it may be back in a moment.
[[nodiscard]] bool may_come_back(database_failure::kind what);

// After a connection that failed: returns once the server takes connections that may write; otherwise when
// server_patience is over, or a termination is requested. Throws the failure where waiting does not help; as `unfit`
// where the server is there, and the connection is not what one of the two demands.
void wait_for_server(const postgres_place& place, const postgres_error& failed);

// Does `work`, which connects to the server before anything else; once more after such a wait.
template <class Work>
auto with_patience(const postgres_place& place, Work&& work) {
    try {
        return work();
    } catch (const postgres_error& error) {
        wait_for_server(place, error);
    }
    return work();
}

}  // namespace baseload
