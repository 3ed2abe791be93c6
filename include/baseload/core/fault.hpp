#pragma once

#include <cstdint>
#include <string>

namespace baseload {

// Where a fault lies. `line` counts physical lines from 1; 0 means the whole source.
struct place {
    std::string source;
    std::uint64_t line = 0;
    std::string column;
};

// What is wrong with one row or one request, in words that a person can act on.
// `code` is a stable word for machines (the rejects file, JSON).
struct fault {
    std::string code;
    place where;
    std::string found;    // the offending text as it stands in the source; may be empty
    std::string problem;  // what it is and what was expected
    std::string remedy;   // what would put it right
};

// "column "E-mail": "a@b" is not an e-mail address; write it as name@domain"
[[nodiscard]] std::string describe(const fault& f);

// The same, led by "clients.csv, line 12, ".
[[nodiscard]] std::string describe_with_place(const fault& f);

}  // namespace baseload
