#pragma once

#include "baseload/api/call.hpp"
#include "baseload/config/settings.hpp"
#include "baseload/core/result.hpp"
#include "baseload/session/api_caller.hpp"
#include "creates_under_way.hpp"
#include "outcome_recorder.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace baseload {

// Sends one row's create or update, and brings what came of it to the recorder. Keeps references.
class row_sender {
public:
    // `source`: its name, for messages.
    row_sender(const settings& job, const std::string& source, outcome_recorder& recorder, creates_under_way& under_way)
        : job_(job), source_(source), recorder_(recorder), under_way_(under_way) {}

    // Precondition: the item's plan is a create or an update. Returns the item when its create is in doubt: it has no
    // outcome then, and its intent is durable.
    [[nodiscard]] boost::asio::awaitable<std::optional<work_item>> send(api_caller& api, work_item item);

private:
    [[nodiscard]] boost::asio::awaitable<std::optional<work_item>> send_create(api_caller& api, work_item item);
    [[nodiscard]] boost::asio::awaitable<std::optional<work_item>> send_update(api_caller& api, work_item item);
    // False when what the update overwrites cannot be read, and the update must not go.
    [[nodiscard]] boost::asio::awaitable<bool> back_up(api_caller& api, const work_item& item);
    [[nodiscard]] boost::asio::awaitable<std::optional<work_item>>
    settle_refused_update(api_caller& api, work_item item, verdict answer);
    [[nodiscard]] result<file_bytes> read_files(const work_item& item) const;
    void reject(work_item item, fault why);
    void settle_refused(work_item item, const verdict& answer);

    const settings& job_;
    const std::string& source_;
    outcome_recorder& recorder_;
    creates_under_way& under_way_;
};

}  // namespace baseload
