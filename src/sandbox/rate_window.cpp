#include "rate_window.hpp"

namespace baseload::sandbox {

bool rate_window::arrive(time now) {
    if (limit_ == 0 && blocked_until_ == time{}) {
        return true;
    }
    if (blocked_until_ != time{} && now >= blocked_until_) {
        arrivals_.clear();  // a block is longer than a minute, where it is not made short for a test
        blocked_until_ = {};
    }
    while (!arrivals_.empty() && arrivals_.front() <= now - std::chrono::minutes(1)) {
        arrivals_.pop_front();
    }
    arrivals_.push_back(now);
    if (now < blocked_until_ || (limit_ > 0 && arrivals_.size() > limit_)) {
        blocked_until_ = now + block_;
        return false;
    }
    return true;
}

}  // namespace baseload::sandbox
