#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/core/record.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/run/import_run.hpp"
#include "group_commit.hpp"
#include "work_item.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace baseload {

// Writes down what becomes of the rows: in the journal, and in the summary once that is on
// disk. Each row gets exactly one outcome. Lives on the I/O thread; journal, summary and
// observer outlive it.
class outcome_book {
public:
    outcome_book(const boost::asio::any_io_executor& executor, journal& known, run_summary& summary,
                 run_observer& observer, std::string source);

    // Of rows that needed no request.
    void unchanged() { summary_.rows.add(outcome::unchanged); }
    void merged();
    void not_reached() { summary_.rows.add(outcome::not_reached); }
    void noted(const std::string& key, const fingerprint& record);
    void rejected(const record& row, std::vector<fault> faults);
    void doubtful(const std::string& key, std::uint64_t line, const std::string& why);

    // Returns when the intent to create the item's client is on disk.
    [[nodiscard]] boost::asio::awaitable<void> intend(const work_item& item, const std::string& parameters);

    // Of rows that were sent, or were to be.
    void created(const work_item& item, std::int64_t crm_client_id);
    void updated(const work_item& item);
    void refused(work_item item, const verdict& answer);
    void not_made(const work_item& item);

    // Puts what is left on disk.
    void flush() { commits_.flush(); }

    // After a failure ended the run: creates whose intent is on disk, and whose answer is not,
    // are in doubt.
    void settle_unanswered();

    [[nodiscard]] const std::string& source() const { return source_; }

private:
    // Calls back when all changes so far are on disk.
    template <class Callback>
    void once_durable(const work_item& item, Callback callback);

    journal& journal_;
    run_summary& summary_;
    run_observer& observer_;
    group_commit commits_;
    std::string source_;
    std::map<std::string, std::uint64_t> intended_;  // creates under way: key and line
};

} // namespace baseload
