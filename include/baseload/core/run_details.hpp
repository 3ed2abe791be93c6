#pragma once

#include "baseload/core/rejection.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace baseload {

// One minute of a run, from its beginning on.
struct run_minute {
    std::uint32_t requests = 0;
    std::uint32_t paused_seconds = 0;  // in which nothing was sent, since the account was blocked
};

// Rejected rows of one kind of fault in one column.
struct rejection_cause {
    std::string code;
    std::string column;
    std::uint64_t count = 0;
    std::vector<std::string> lines;  // of the first ones, as people are told them ("12", "b.csv:12")
    std::string example;             // of the first one: what is wrong and what puts it right, without the cell's text
};

// A rejected row as a report shows it.
struct rejected_row {
    std::string line;
    std::string code;
    std::string column;
    std::string problem;  // and the remedy
    std::string found;    // the cell's text: not kept in the journal, which holds nobody's data
};

inline constexpr std::size_t max_rejected_rows = 500;
inline constexpr std::size_t max_cause_lines = 10;

// What a run's report shows beside its summary.
struct run_details {
    std::uint32_t limit = 0;  // requests a minute, as the job has it; 0: none
    std::vector<run_minute> minutes;
    std::vector<rejection_cause> causes;                  // the first met first
    std::vector<rejected_row> rejected;                   // the first ones: a row each, by its first fault
    std::map<std::string, std::uint64_t> fields_changed;  // the API's names → updates that sent them

    void add(const rejection& r);
    // Of another shard of the run, which began so long after this one (before it: less than zero).
    void add(const run_details& other, std::chrono::minutes later);
};

}  // namespace baseload
