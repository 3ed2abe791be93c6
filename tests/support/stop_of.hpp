#pragma once

#include "baseload/core/stop.hpp"

#include <string>

namespace baseload::test {

// The message of the stop that `work` throws; "" when it throws none.
template <class Work>
std::string stop_of(Work&& work) {
    try {
        work();
    } catch (const stop& thrown) {
        return thrown.what();
    }
    return {};
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace baseload::test
