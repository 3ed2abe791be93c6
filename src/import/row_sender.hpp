#pragma once

#include "baseload/api/call.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/core/result.hpp"
#include "baseload/journal/account_notes.hpp"
#include "baseload/journal/client_memory.hpp"
#include "baseload/session/api_caller.hpp"
#include "baseload/session/stop_signal.hpp"
#include "creates_under_way.hpp"
#include "outcome_recorder.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace baseload {

// What the sender works with; all of it outlives it.
struct sender_parts {
    const settings& job;
    const line_places& places;  // for messages
    client_memory& memory;
    account_notes& notes;
    outcome_recorder& recorder;
    creates_under_way& under_way;
    stop_signal& stop;
    bool is_our_account = false;  // a person says so, whatever the account shows
};

// Sends one row's create or update, and brings what came of it to the recorder.
class row_sender {
public:
    explicit row_sender(const sender_parts& parts)
        : job_(parts.job), places_(parts.places), memory_(parts.memory), notes_(parts.notes), recorder_(parts.recorder),
          under_way_(parts.under_way), stop_(parts.stop), is_our_account_(parts.is_our_account) {}

    // Whether the item has its outcome. In doubt: its create has no answer, or is to be looked up before it leaves; its
    // intent is durable.
    enum class ending { settled, in_doubt };

    // Precondition: the item's plan is a create or an update. The item outlives the wait; once settled it is used up.
    [[nodiscard]] boost::asio::awaitable<ending> send(api_caller& api, work_item& item);

private:
    [[nodiscard]] boost::asio::awaitable<ending> send_create(api_caller& api, work_item& item);
    [[nodiscard]] boost::asio::awaitable<ending> send_update(api_caller& api, work_item& item);
    [[nodiscard]] boost::asio::awaitable<void> wait_for_first_id();
    [[nodiscard]] boost::asio::awaitable<ending> look_up_first(work_item& item);
    [[nodiscard]] ending in_doubt(work_item& item, const std::string& why) const;
    [[nodiscard]] boost::asio::awaitable<std::string> objection_to_id(api_caller& api, const work_item& item,
                                                                      std::int64_t id);
    [[nodiscard]] boost::asio::awaitable<ending> settle_foreign_answer(api_caller& api, const work_item& item,
                                                                       std::int64_t answered);
    [[nodiscard]] boost::asio::awaitable<bool> keeps_given_status(api_caller& api, const work_item& item);
    [[nodiscard]] boost::asio::awaitable<result<bool>> is_our_account(api_caller& api);
    // False when what the update overwrites cannot be read, and the update must not go.
    [[nodiscard]] boost::asio::awaitable<bool> back_up(api_caller& api, const work_item& item);
    [[nodiscard]] boost::asio::awaitable<ending> settle_refused_update(api_caller& api, work_item& item,
                                                                       const call_outcome& refused);
    [[nodiscard]] result<file_bytes> read_files(const work_item& item) const;
    void reject(const work_item& item, fault why);
    void settle_refused(const work_item& item, const verdict& answer);

    const settings& job_;
    const line_places& places_;
    client_memory& memory_;
    account_notes& notes_;
    outcome_recorder& recorder_;
    creates_under_way& under_way_;
    stop_signal& stop_;
    bool is_our_account_;
    std::shared_ptr<bool> is_first_under_way_ = std::make_shared<bool>(false);  // while no id is known
};

}  // namespace baseload
