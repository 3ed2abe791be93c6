#include "baseload/core/progress.hpp"

#include <algorithm>

namespace baseload {

progress together(const progress& one, const progress& other) {
    progress all = one;
    all.started = std::min(one.started, other.started);
    all.is_sending = one.is_sending || other.is_sending;
    all.records += other.records;
    all.rows.add(other.rows);
    all.requests_to_go += other.requests_to_go;
    all.requests += other.requests;
    all.requests_last_minute += other.requests_last_minute;
    // They share one limit.
    all.limit = std::max(one.limit, other.limit);
    if (one.reduced_limit && other.reduced_limit) {
        all.reduced_limit = std::min(*one.reduced_limit, *other.reduced_limit);
    } else if (other.reduced_limit) {
        all.reduced_limit = other.reduced_limit;
    }
    all.to_go = std::max(one.to_go, other.to_go);
    all.waits_for_limit = one.waits_for_limit || other.waits_for_limit;
    all.blocked_until = std::max(one.blocked_until, other.blocked_until);
    all.unconnected = one.unconnected || other.unconnected;
    return all;
}

}  // namespace baseload
