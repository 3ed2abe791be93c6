#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/api/call.hpp"

#include <chrono>

namespace baseload {

enum class step {
    done,         // accepted
    fail_row,     // the service said no to this row
    doubt,        // it may have been carried out, and must not be repeated unseen
    retry,        // send again after the delay
    wait_block,   // pause everything until the block's end, then send again
    give_up_row,  // again and again it was not sent, or (an update) not answered: the next run sends it
    stop_run      // no request will do better
};

struct next_step {
    step what = step::done;
    std::chrono::milliseconds delay{0};
};

// What to do after an attempt. Updates and reads repeat safely; a create is repeated only
// where it surely was not carried out (src/README.md, "In doubt"; src/api/README.md). Pure: `attempts`
// counts those made, this one included; `jitter` is drawn from 0 to 1 by the caller;
// `unconnected` is for how long no connection has stood.
class retry_policy {
public:
    explicit retry_policy(std::chrono::milliseconds give_up_after) : give_up_after_(give_up_after) {}

    [[nodiscard]] std::chrono::milliseconds give_up_after() const { return give_up_after_; }

    [[nodiscard]] next_step after_failed_connect(unsigned attempts, double jitter,
                                                 std::chrono::milliseconds unconnected) const;
    // The connection stood, and failed before the first byte left.
    [[nodiscard]] static next_step after_not_sent(unsigned attempts, double jitter);
    [[nodiscard]] static next_step after_no_answer(call_kind kind, unsigned attempts, double jitter);
    [[nodiscard]] static next_step after_verdict(call_kind kind, const verdict& v, unsigned attempts, double jitter);

private:
    std::chrono::milliseconds give_up_after_;
};

}  // namespace baseload
