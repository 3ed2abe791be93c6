#include "rate_window.hpp"

namespace baseload::sandbox {

bool rate_window::arrive(time now) {
    // Without a limit a block may still come: by the fault `block`, or out of the state of an earlier process.
    if (limit_ == 0 && blocked_until_ == time{}) {
        return true;
    }
    if (blocked_until_ != time{} && now >= blocked_until_) {
        arrivals_.clear();  // a block is longer than a minute, where it is not made short for a test
        blocked_until_ = {};
    }
    // A request that is exactly a minute old does not count any more.
    while (!arrivals_.empty() && arrivals_.front() <= now - std::chrono::minutes(1)) {
        arrivals_.pop_front();
    }
    // Also one that is refused: the service counts what arrives.
    arrivals_.push_back(now);
    if (now < blocked_until_ || (limit_ > 0 && arrivals_.size() > limit_)) {
        // Anew with each request during the block, which is how requests prolong it (seen).
        blocked_until_ = now + block_;
        return false;
    }
    return true;
}

}  // namespace baseload::sandbox
