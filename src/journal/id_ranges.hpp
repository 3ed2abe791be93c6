#pragma once

#include <cstdint>
#include <iterator>
#include <map>

namespace baseload {

// Numbers that come nearly in order and with few gaps, as ranges: a million of them take next to no memory.
class id_ranges {
public:
    void add(std::int64_t id) {
        if (contains(id)) {
            return;
        }
        auto next = ends_.upper_bound(id);
        std::int64_t end = id + 1;
        if (next != ends_.end() && next->first == end) {
            end = next->second;
            next = ends_.erase(next);
        }
        if (next != ends_.begin() && std::prev(next)->second == id) {
            std::prev(next)->second = end;
        } else {
            ends_.emplace_hint(next, id, end);
        }
    }

    [[nodiscard]] bool contains(std::int64_t id) const {
        const auto behind = ends_.upper_bound(id);
        return behind != ends_.begin() && id < std::prev(behind)->second;
    }

private:
    std::map<std::int64_t, std::int64_t> ends_;  // from the first of a range to the one behind its last
};

}  // namespace baseload
