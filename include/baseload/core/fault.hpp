#pragma once

#include "baseload/core/fault_code.hpp"

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
struct fault {
    fault_code code = fault_code::none;
    place where;
    std::string found;              // the offending text as it stands in the source; may be empty
    std::string problem;            // what it is and what was expected
    std::string remedy;             // what would put it right
    std::string service_code = {};  // of refused_by_service: the service's own
};

// The word for machines: the code's name, or the service's own code.
[[nodiscard]] std::string code_text(const fault& f);

// "column "E-mail": "a@b" is not an e-mail address; write it as name@domain"
[[nodiscard]] std::string describe(const fault& f);

// The same, led by "clients.csv, line 12, ".
[[nodiscard]] std::string describe_with_place(const fault& f);

}  // namespace baseload
