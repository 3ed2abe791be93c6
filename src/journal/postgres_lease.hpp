#pragma once

#include "baseload/core/boot_clock.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/database/postgres_connection.hpp"
#include "baseload/journal/journal.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace baseload {

// Holds a journal in a database for one run, on whichever host: a row with an end, by the database's clock, which a
// thread of its own moves on over a connection of its own, also while the program reads a long file. Who takes the
// lease after its end gets a higher number, the fence, and what is written under a lower one is refused by the database
// (postgres_session::hold_by). Each shard of a run has a lease of its own; of different numbers of shards none are held
// at one time.
//
// Whether the lease still lasts is judged here, by this machine's boot clock, which goes on while the machine sleeps:
// it lasts at least as long after a renewal was sent as the database was asked for.
class postgres_lease {
public:
    // `application`: of the session that will write, by which a successor ends what is left of it. Throws
    // command_error(journal_busy), naming the holder, and postgres_error.
    postgres_lease(postgres_place place, std::chrono::milliseconds length, std::string application,
                   const shard& part = {});
    // Gives it back.
    ~postgres_lease();
    postgres_lease(const postgres_lease&) = delete;
    postgres_lease& operator=(const postgres_lease&) = delete;

    [[nodiscard]] std::int64_t fence() const { return fence_; }
    [[nodiscard]] const shard& part() const { return part_; }
    // The database has found that the other shards have ended.
    void holds_the_whole() { part_.of = 1; }
    // How long ago, when this was made, somebody took the place of a run that had not given it back, and may still be
    // alive and have requests under way: 0 where this one did, and less where that run may even think that it holds
    // the journal. Nothing where nobody ever has.
    [[nodiscard]] std::optional<std::chrono::milliseconds> since_take_over() const { return since_take_over_; }
    // The database is not that of the last session, and may lack the last of what was recorded.
    [[nodiscard]] bool found_another_database() const { return found_another_database_; }
    [[nodiscard]] journal_hold hold();
    void note(std::string progress);  // for others to read, within some seconds

private:
    using clock_point = boot_clock::time_point;

    void take(postgres_connection& connection);
    void refuse_busy(postgres_connection& connection) const;
    [[nodiscard]] std::vector<std::string> find_predecessors(postgres_connection& connection) const;
    void end_predecessor(postgres_connection& connection, const std::string& application) const;
    void renew_for_ever();
    [[nodiscard]] bool renew(std::unique_ptr<postgres_connection>& connection);
    void renewed(clock_point asked, wall_time wall);

    postgres_place place_;
    std::chrono::milliseconds length_;
    std::string application_;
    shard part_;
    std::int64_t fence_ = 0;
    std::optional<std::chrono::milliseconds> since_take_over_;
    bool found_another_database_ = false;

    std::mutex mutex_;  // of what follows
    std::condition_variable wake_;
    clock_point good_until_{};
    wall_time wall_when_renewed_{};
    clock_point boot_when_renewed_{};
    std::string progress_;
    std::string problem_;  // why the last renewal failed
    bool is_taken_ = false;
    bool is_over_ = false;
    bool is_urgent_ = false;
    bool has_news_ = false;

    std::thread renewals_;
};

// Who holds the journal, each shard of a run, and how far it is. The tables may be those of any format.
[[nodiscard]] std::vector<journal_holder> holders_of_leases(postgres_connection& connection);

}  // namespace baseload
