#include "baseload/api/retry_policy.hpp"

#include <algorithm>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// The delays between them add up to 7.5 seconds at most. Longer outages are the next run's matter: the row is only left
// for later.
constexpr unsigned max_attempts = 5;
constexpr milliseconds first_delay{500};
constexpr milliseconds max_delay{30'000};

// Doubles with each attempt; at least half of it is kept under any jitter.
milliseconds backoff(unsigned attempts, double jitter) {
    // Six doublings pass max_delay already (500 ms * 64 = 32 s); the bound keeps the shift within its type.
    const unsigned doublings = std::min(attempts - 1, 6U);
    const milliseconds full = std::min(max_delay, first_delay * (1U << doublings));
    return std::chrono::duration_cast<milliseconds>(full * (0.5 + jitter / 2));
}

}  // namespace

next_step retry_policy::after_failed_connect(unsigned attempts, double jitter, milliseconds unconnected) const {
    if (unconnected >= give_up_after_) {
        return {step::stop_run, {}};
    }
    // Not slept past give_up_after, so that the stop comes when it was announced.
    return {step::retry, std::min(backoff(attempts, jitter), give_up_after_ - unconnected)};
}

next_step retry_policy::after_not_sent(unsigned attempts, double jitter) {
    if (attempts >= max_attempts) {
        return {step::give_up_row, {}};
    }
    return {step::retry, backoff(attempts, jitter)};
}

// A create may have been carried out, so it is looked up and not repeated; updates and reads have the same effect
// twice.
next_step retry_policy::after_no_answer(call_kind kind, unsigned attempts, double jitter) {
    return kind == call_kind::create ? next_step{step::doubt, {}} : after_not_sent(attempts, jitter);
}

next_step retry_policy::after_verdict(call_kind kind, const verdict& v, unsigned attempts, double jitter) {
    switch (v.kind) {
    case verdict_kind::accepted:
        // A create whose id cannot be read was carried out, but as whom?
        return {kind == call_kind::create && !v.crm_client_id ? step::doubt : step::done, {}};
    case verdict_kind::refused: return {step::fail_row, {}};
    case verdict_kind::blocked: return {step::wait_block, {}};
    case verdict_kind::account_refused: return {step::stop_run, {}};
    case verdict_kind::server_fault:
    case verdict_kind::unreadable: break;
    }
    return after_no_answer(kind, attempts, jitter);
}

}  // namespace baseload
