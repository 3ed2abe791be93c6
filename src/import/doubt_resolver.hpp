#pragma once

#include "baseload/core/result.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "baseload/session/api_caller.hpp"
#include "baseload/session/session_clock.hpp"
#include "baseload/session/stop_signal.hpp"
#include "creates_under_way.hpp"
#include "outcome_recorder.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace baseload {

// What the resolver works with; all of it outlives it.
struct resolver_parts {
    session_clock& clock;
    client_memory& memory;
    outcome_recorder& recorder;
    const creates_under_way& under_way;
    stop_signal& stop;
    std::chrono::milliseconds settling_time;  // after it a request without an answer is surely not under way any more
};

// Settles creates whose answer never came, one after the other: looks each up in the account once it must have been
// carried out or never will be, and links it, clears the way to send it again, or holds it for a person (src/README.md,
// "In doubt"). Creates that are to be looked up before they leave come here too. Rows that go on are handed back; it
// sends nothing but look-ups. Lives on the I/O thread.
class doubt_resolver {
public:
    explicit doubt_resolver(const resolver_parts& parts);

    // Takes a row whose create is in doubt.
    void enqueue(work_item item);
    // The same, once there is room: rows in memory are bounded. Not for a row that next_settled() returned: whoever
    // takes those makes the room.
    [[nodiscard]] boost::asio::awaitable<void> enqueue_when_room(work_item item);

    // Takes the doubts that earlier runs left and that no row has brought here.
    void enqueue_inherited();

    // No more will come, but for rows that next_settled() returned.
    void close();

    // Settles doubts, over `api`, until a row may go on: linked, it is to be planned anew; never carried out, it is to
    // be sent again. Nothing once it is closed and empty.
    [[nodiscard]] boost::asio::awaitable<std::optional<work_item>> next_settled(api_caller& api);

private:
    // A doubt without a row was inherited: its key alone is known.
    struct doubt {
        std::string key;
        std::optional<work_item> row;
        std::chrono::milliseconds settled_at{0};
        unsigned put_off = 0;  // for others that the client it found fits better
    };

    enum class linking { done, taken };

    [[nodiscard]] boost::asio::awaitable<std::optional<doubt>> next_doubt();
    // True when the doubt's row, if it has one, may go on.
    [[nodiscard]] boost::asio::awaitable<bool> settle(api_caller& api, doubt& d);
    [[nodiscard]] bool conclude(doubt& d, const lookup_step& found);
    // The fault says why it could not be looked up: the run is being stopped, or the account could not be asked.
    [[nodiscard]] boost::asio::awaitable<result<lookup_step>> look_up(api_caller& api, create_lookup& search);
    // Taken: the answer of the create that made the client has come meanwhile.
    [[nodiscard]] boost::asio::awaitable<linking> link(api_caller& api, const doubt& d, const create_lookup& search);
    void let_it_be_sent(doubt& d);
    [[nodiscard]] bool is_key_shared(const std::string& key) const;
    [[nodiscard]] bool is_anothers(const create_lookup& search, const listed_client& client) const;
    // Which creates of other shards count: all of them, or those that go first.
    enum class others { all, first };
    [[nodiscard]] bool has_twin(const create_lookup& search, others which) const;
    [[nodiscard]] bool has_twin_elsewhere(const std::vector<const listed_client*>& found, others which) const;
    [[nodiscard]] boost::asio::awaitable<bool> wait_for_twins(const create_lookup& search, others which);
    [[nodiscard]] bool fits_another(const doubt& d, const create_lookup& search);
    void put_off(doubt d);
    void hold(const doubt& d, const std::string& why, std::vector<std::int64_t> candidates);
    void leave(const doubt& d, const std::string& why);
    [[nodiscard]] static std::uint64_t line_of(const doubt& d);
    [[nodiscard]] std::chrono::milliseconds now() const { return parts_.clock.now().time_since_epoch(); }

    resolver_parts parts_;
    std::vector<std::string> inherited_;  // keys that were in doubt when the run began
    std::set<std::string> seen_;          // of these, those that a row brought
    std::chrono::milliseconds inherited_settled_at_;
    std::deque<doubt> doubts_;
    std::unique_ptr<session_timer> wake_;
    bool closed_ = false;
};

}  // namespace baseload
