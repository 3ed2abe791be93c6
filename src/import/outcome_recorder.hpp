#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/core/record.hpp"
#include "baseload/import/run_observer.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/group_commit.hpp"
#include "baseload/session/session_clock.hpp"
#include "baseload/session/stop_signal.hpp"
#include "baseload/survey/survey.hpp"
#include "summary_builder.hpp"
#include "work_item.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What the recorder works with; all of it outlives it.
struct recorder_parts {
    session_clock& clock;
    journal& memory;
    const survey& found;
    const line_places& places;
    stop_signal& stop;
    summary_builder& summary;
    run_observer& observer;
    std::uint64_t max_rejections;  // more stop the run
};

enum class id_age {
    old,     // not above all that were known: it was there before, or ids do not rise
    next,    // one of those that may come next
    unlike,  // far above them
    unknown  // none was known
};

// Writes down what becomes of the rows: in the journal, and in the summary once that is on
// disk. Each row gets exactly one outcome; a repeat gets that of the row it repeats. An
// observer that throws stops the run. Lives on the I/O thread; what it refers to outlives it.
class outcome_recorder {
public:
    explicit outcome_recorder(const recorder_parts& parts) : parts_(parts), commits_(parts.clock, parts.memory) {}

    // How many coroutines send rows: see group_commit.
    void expect_senders(std::size_t senders) { commits_.expect(senders); }

    // Of rows that needed no request.
    void unchanged() { parts_.summary.row(outcome::unchanged); }
    void skipped() { parts_.summary.row(outcome::skipped); }
    void merged();
    void repeated(const std::string& key, const record& row);
    void known_unchanged(const work_item& item);
    void left_alone(const work_item& item);
    void hash_refreshed(const work_item& item);
    void rejected(const record& row, std::vector<fault> faults);
    void rejected(const std::string& key, rejection r);
    // A row that is sent, with what is implausible in it; and how many of its characters the service cannot hold.
    void warned(const rejection& r);
    void replaced(std::uint64_t characters) { parts_.summary.replaced(characters); }
    // A doubt without a line is of no row of this source: it has no outcome.
    void doubtful(doubtful_create d);
    void not_reached(const std::string& key) { conclude(key, outcome::not_reached); }
    // Beyond what the run was told to send, as the rows that repeat it are.
    void left(const std::string& key);

    // False when the key is under way already. From here to its outcome the item is.
    [[nodiscard]] bool begin(const work_item& item);

    // Returns when the intent to create the item's client is on disk.
    [[nodiscard]] boost::asio::awaitable<void> intend(const work_item& item, const std::string& parameters);
    void withdraw(const std::string& key);
    // A create without an answer was never carried out, as its look-up found.
    void not_found(const std::string& key);

    void created(const work_item& item, std::int64_t crm_client_id);
    void updated(const work_item& item);
    void refused(const work_item& item, fault why, const verdict& answer);

    // Returns when what an update overwrites is on disk.
    [[nodiscard]] boost::asio::awaitable<void> back_up(const work_item& item, const std::string& fields);

    // A doubtful create is this client. Returns when that is on disk: an update that left before
    // would make the client another than the one that was sent, should the link be lost.
    // `is_ahead`: nothing was sent for it yet.
    [[nodiscard]] boost::asio::awaitable<void> linked(const std::string& key, const known_client& client,
                                                      bool is_ahead = false);

    // Whose client it is, if another key's.
    [[nodiscard]] std::optional<std::string> other_owner(const std::string& key, std::int64_t crm_client_id);
    // Of the id that a new client got, against those that were known when its create left.
    [[nodiscard]] id_age age_of(const std::string& key, std::int64_t crm_client_id);

    // Returns when the journal has it on disk that the account's values of the update's fields are unknown.
    [[nodiscard]] boost::asio::awaitable<void> unsettle(const work_item& item);
    // Staff have given the client another status since it was missing: that is theirs.
    void keep_status(const work_item& item) { parts_.memory.status_before_missing(item.key, std::nullopt); }
    // The update was surely not carried out: what was known before still holds.
    void reinstate(const work_item& item);
    // The update may have been carried out, and its answer is not its own: the fields stay unknown.
    void update_in_doubt(const work_item& item, const std::string& why);
    // Its client was deleted in the panel, and is about to be made anew: until the answer has
    // come, no client of the row is known.
    void client_is_gone(const work_item& item);
    // An update that changed nothing: what was backed up before it is not what a run overwrote.
    void not_overwritten(const work_item& item);
    // The row's client was deleted in the panel: rejected, this once.
    void deleted(const work_item& item, fault why);

    // Puts what is left on disk.
    void flush() { commits_.flush(); }

    // After the journal failed: gives up what is not on disk. Creates whose intent is there, and
    // whose answer is not, are in doubt; what else was under way was not reached.
    void settle_unanswered();

private:
    struct row_under_way {
        std::uint64_t line = 0;
        bool may_be_made = false;  // a create that may have left, and has not been found to be not carried out
    };

    [[nodiscard]] boost::asio::awaitable<void> expect_client_once_durable(std::string key, bool may_be_made);
    void expect_client(const std::string& key, bool may_be_made);
    void conclude(const std::string& key, outcome o);
    void conclude_repeat(const rejection& row, outcome o);
    void tell(const std::function<void()>& observe);
    void tell_rejected(rejection r);
    void count_rejection();

    recorder_parts parts_;
    group_commit commits_;
    bool leaves_rows_ = false;
    std::map<std::string, row_under_way> under_way_;         // by key
    std::map<fingerprint, outcome> concluded_;               // of keys with repeats
    std::map<fingerprint, std::vector<rejection>> waiting_;  // repeats of rows under way
};

}  // namespace baseload
