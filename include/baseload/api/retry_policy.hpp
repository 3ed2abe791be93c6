#pragma once

#include "baseload/api/answer.hpp"
#include "baseload/api/call.hpp"

#include <chrono>

namespace baseload {

// What became of one attempt to send a call, as far as the transport knows.
enum class delivery {
    answered,   // there is a verdict
    not_sent,   // no connection, or it failed before the first byte left
    unanswered  // sent, at least in part, and no whole answer came
};

enum class step {
    done,        // accepted
    fail_row,    // the service said no to this row
    doubt,       // it may have been carried out, and must not be repeated unseen
    retry,       // send again after the delay
    wait_block,  // pause everything until the block's end, then send again
    give_up_row, // an update that got no answer again and again: the next run sends it
    stop_run     // no request will do better
};

struct next_step {
    step what = step::done;
    std::chrono::milliseconds delay{0};
};

// What to do after an attempt. Updates and reads repeat safely; a create is repeated only
// where it surely was not carried out (DESIGN, "The journal"; API.md). Pure: `attempts`
// counts those made, this one included; `jitter` is drawn from 0 to 1 by the caller;
// `unconnected` is for how long no connection has stood.
class retry_policy {
public:
    explicit retry_policy(std::chrono::milliseconds give_up_after) : give_up_after_(give_up_after) {}

    [[nodiscard]] next_step after_failed_connect(unsigned attempts, double jitter,
                                                 std::chrono::milliseconds unconnected) const;
    [[nodiscard]] static next_step after_no_answer(call_kind kind, unsigned attempts, double jitter);
    [[nodiscard]] static next_step after_verdict(call_kind kind, const verdict& v, unsigned attempts, double jitter);

private:
    std::chrono::milliseconds give_up_after_;
};

} // namespace baseload
