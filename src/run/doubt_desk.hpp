#pragma once

#include "baseload/journal/journal.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "caller.hpp"
#include "client_reader.hpp"
#include "outcome_book.hpp"
#include "stop_request.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace baseload {

// Settles creates whose answer never came, one after the other: looks each up in the account
// once it must have been carried out or never will be, links it, or clears the way to send it
// again (DESIGN, "In doubt"). Lives on the I/O thread.
class doubt_desk {
public:
    // What becomes of a row that is settled: it is planned anew, and sent if need be.
    using resume_row = std::function<boost::asio::awaitable<void>(caller&, work_item)>;

    doubt_desk(boost::asio::any_io_executor executor, journal& known, outcome_book& book, stop_request& wish,
               run_summary& summary, std::chrono::milliseconds settling_time, resume_row resume);

    // Takes a row whose create is in doubt. Waits while the desk is full, but not with a row that
    // the desk itself has sent again: nobody else makes room.
    [[nodiscard]] boost::asio::awaitable<void> put(work_item item);

    // Takes the doubts that earlier runs left and whose keys no row has brought here.
    void put_strays();

    // No more will be put.
    void close();

    // Serves until the desk is closed and empty.
    [[nodiscard]] boost::asio::awaitable<void> serve(caller line);

    // While it lives, a create of these fields is under way: a look-up that cannot tell the two
    // apart waits for its answer.
    class create_under_way {
    public:
        create_under_way(doubt_desk& desk, const client_fields& sent);
        ~create_under_way();
        create_under_way(const create_under_way&) = delete;
        create_under_way& operator=(const create_under_way&) = delete;

    private:
        std::shared_ptr<std::list<client_fields>> all_;  // it may outlive the desk, in a suspended coroutine
        std::list<client_fields>::iterator at_;
    };

private:
    // A doubt without a row is a stray: its key alone is known.
    struct doubt {
        std::string key;
        std::optional<work_item> row;
        std::chrono::milliseconds settled_at{0};
        unsigned put_off = 0;  // for others that the client it found fits better
    };

    enum class linking { done, taken };

    [[nodiscard]] boost::asio::awaitable<std::optional<doubt>> next();
    [[nodiscard]] boost::asio::awaitable<void> settle(caller& line, doubt d);
    // Nothing when the run is being stopped, or the account could not be asked; says why.
    [[nodiscard]] boost::asio::awaitable<read_result<lookup_step>> look_up(caller& line, create_lookup& search);
    // Taken: the answer of the create that made the client has come meanwhile.
    [[nodiscard]] boost::asio::awaitable<linking> link(caller& line, const doubt& d, const client_fields& sent,
                                                       std::int64_t crm_client_id);
    [[nodiscard]] bool is_under_way(const listed_client& client) const;
    [[nodiscard]] bool fits_another(const doubt& d, const create_lookup& search);
    void put_off(doubt d);
    void hold(const doubt& d, const std::string& why, std::vector<std::int64_t> candidates);

    boost::asio::any_io_executor executor_;
    journal& journal_;
    outcome_book& book_;
    stop_request& stop_;
    run_summary& summary_;
    std::chrono::milliseconds settling_time_;
    resume_row resume_;
    std::vector<std::string> inherited_;  // keys that were in doubt when the run began
    std::set<std::string> met_;           // of these, those that a row brought
    std::chrono::milliseconds inherited_settled_at_;
    std::deque<doubt> doubts_;
    boost::asio::steady_timer wake_;
    bool closed_ = false;
    std::shared_ptr<std::list<client_fields>> creates_ = std::make_shared<std::list<client_fields>>();
};

}  // namespace baseload
