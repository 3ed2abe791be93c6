#pragma once

#include "baseload/core/command_error.hpp"

#include <string>

namespace baseload::test {

// The message of the command_error that `work` throws; "" when it throws none.
template <class Work>
std::string error_of(Work&& work) {
    try {
        work();
    } catch (const command_error& thrown) {
        return thrown.what();
    }
    return {};
}

// Its code; success when it throws none.
template <class Work>
exit_code code_of(Work&& work) {
    try {
        work();
    } catch (const command_error& thrown) {
        return thrown.code();
    }
    return exit_code::success;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace baseload::test
