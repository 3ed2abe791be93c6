#pragma once

#include "baseload/api/boot_clock.hpp"
#include "baseload/api/request_limit.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace baseload {

// What all programs of this machine share about one account: the slots of its request
// limit, and until when it is blocked. A small SQLite file in the state folder; every call
// is one transaction, durable when it returns. Throws command_error(stopped) when that fails.
class account_state {
public:
    // `max_request` as in request_limit. Throws command_error(usage) when the file cannot be opened.
    account_state(const std::filesystem::path& file, std::uint32_t per_minute, boot_clock::duration max_request);
    ~account_state();
    account_state(const account_state&) = delete;
    account_state& operator=(const account_state&) = delete;

    // A slot, or how long to wait before asking again.
    struct permit {
        std::optional<slot_id> slot;
        boot_clock::duration wait{0};
        bool blocked = false;  // the wait is for a block
    };
    [[nodiscard]] permit take(boot_clock::time_point now);

    void answered(slot_id slot, boot_clock::time_point now);
    void unused(slot_id slot);  // the request surely never left

    // Nothing is sent before now + wait. A block only ever grows.
    void block(boot_clock::duration wait, boot_clock::time_point now);
    [[nodiscard]] boot_clock::time_point blocked_until(boot_clock::time_point now);

private:
    class store;
    std::unique_ptr<store> store_;
    std::uint32_t per_minute_;
    boot_clock::duration max_request_;
};

// Where that file lies: $STATE_DIRECTORY, else $XDG_STATE_HOME/baseload, else
// ~/.local/state/baseload. `account` is text that is equal for equal accounts. Makes the
// folder; throws command_error(usage) when it cannot.
[[nodiscard]] std::filesystem::path account_state_file(const std::string& account);

}  // namespace baseload
