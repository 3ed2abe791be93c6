#include "rate_window.hpp"

namespace baseload::sandbox {

bool rate_window::arrive(time now) {
    if (limit_ == 0) {
        return true;
    }
    while (!arrivals_.empty() && arrivals_.front() <= now - std::chrono::minutes(1)) {
        arrivals_.pop_front();
    }
    arrivals_.push_back(now);
    if (now < blocked_until_ || arrivals_.size() > limit_) {
        blocked_until_ = now + block_;
        return false;
    }
    return true;
}

} // namespace baseload::sandbox
