#pragma once

#include "baseload/api/call.hpp"
#include "caller.hpp"
#include "doubt_desk.hpp"
#include "import_parts.hpp"
#include "outcome_book.hpp"
#include "row_sorter.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace baseload {

// Sends one row's create or update, and brings what came of it to the book, or to the desk for
// doubts. Keeps references.
class row_sender {
public:
    row_sender(const import_parts& parts, outcome_book& book, row_sorter& sorter, doubt_desk& desk)
        : parts_(parts), book_(book), sorter_(sorter), desk_(desk) {}

    [[nodiscard]] boost::asio::awaitable<void> send(caller& line, work_item item);

    // Of a row whose doubt is settled: plans it anew, and sends what it needs.
    [[nodiscard]] boost::asio::awaitable<void> resume(caller& line, work_item item);

private:
    [[nodiscard]] boost::asio::awaitable<void> send_create(caller& line, work_item item);
    [[nodiscard]] boost::asio::awaitable<void> send_update(caller& line, work_item item);
    [[nodiscard]] boost::asio::awaitable<bool> back_up(caller& line, const work_item& item);
    [[nodiscard]] boost::asio::awaitable<void> settle_refused_update(caller& line, work_item item,
                                                                     const verdict& answer);
    [[nodiscard]] std::optional<file_bytes> read_files(work_item& item);
    void settle_refused(work_item item, const verdict& answer);

    const import_parts& parts_;
    outcome_book& book_;
    row_sorter& sorter_;
    doubt_desk& desk_;
};

}  // namespace baseload
