#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/exit_code.hpp"
#include "baseload/journal/journal.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

class job_session;

// What undoing a run would do: asked about before it is done.
struct undo_preview {
    run_record run;
    std::size_t deletions = 0;             // clients that it created, and that are still there
    std::size_t restorations = 0;          // clients whose fields it read before it updated them
    std::size_t later = 0;                 // of these, those that a later run changed again: left as they are
    std::uint64_t updates = 0;             // all of the run's: without a backup they stay
    std::uint64_t deleted_as_missing = 0;  // clients that do not come back
    std::size_t doubtful = 0;              // creates of it whose answer never came
};

struct undo_summary {
    std::int64_t run = 0;
    std::uint64_t deleted = 0;
    std::uint64_t gone = 0;  // the account did not have them any more
    std::uint64_t restored = 0;
    std::vector<std::string> left;  // what could not be undone, and why: at most 20
    std::uint64_t left_over = 0;    // how many there are
    std::uint64_t requests = 0;
    std::string stopped_because;
    exit_code code = exit_code::success;
};

// Takes a run back: deletes the clients that it created, and gives those that it updated
// their fields back where the job had it read them ([journal] backup). The journal is kept in
// step with each answer, so that an undo that was stopped goes on when it is asked for again.
// Holds the journal while it lives.
class run_undo {
public:
    // Throws command_error(usage) when the journal has no such run, and as job_session does.
    run_undo(settings job, std::int64_t run, bool same_account = false);
    ~run_undo();
    run_undo(const run_undo&) = delete;
    run_undo& operator=(const run_undo&) = delete;

    [[nodiscard]] const undo_preview& preview() const { return preview_; }
    [[nodiscard]] undo_summary carry_out();

private:
    [[nodiscard]] journal& memory();

    settings job_;
    std::unique_ptr<job_session> session_;
    undo_preview preview_;
    std::vector<run_client> created_;
    std::vector<run_client> updated_;
};

}  // namespace baseload
