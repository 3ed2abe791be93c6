#pragma once

#include "baseload/core/wall_clock.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace baseload {

// By which a journal knows the account's token again without knowing it: a salted hash.
struct token_mark {
    std::string salt;
    std::string hash;  // blank until a token was marked
};

// Until when requests may have been sent on the journal's behalf, and by the count of which state file.
struct sending_mark {
    std::string state_id;
    wall_time until{};
};

// The journal's fourth role: which journal it is, so that one that is lost, old, half or another account's is noticed.
class journal_identity {
public:
    virtual ~journal_identity() = default;

    // A random name that it gets when it is made, and keeps.
    [[nodiscard]] virtual const std::string& id() const = 0;

    // How often it was opened to send and closed again: rises with both, so it is odd while it is open, and when it was
    // never closed. As it was found, and as it is now.
    [[nodiscard]] virtual std::uint64_t sessions_found() const = 0;
    [[nodiscard]] virtual std::uint64_t sessions() const = 0;
    // Marks it as open, durably and in the main file: a copy without its log shows it. And as closed; a journal whose
    // object ends without that closes itself. `at_least`: the count goes on from there when it is behind.
    virtual void begin_session(std::uint64_t at_least = 0) = 0;
    virtual void end_session() = 0;
    // Moves the count on while the session lasts: a copy that was taken meanwhile falls behind. With the next commit.
    virtual void advance_session() = 0;

    // It was not closed, and the log beside it is gone: what was recorded last is missing. It stays so until somebody
    // says that it is whole.
    [[nodiscard]] virtual bool has_lost_its_log() const = 0;
    // Its database was replaced by one that need not have all that was recorded: a backup that was put back, a standby
    // that lagged behind. Until somebody says that it is whole, each new customer is looked up before it is created.
    [[nodiscard]] virtual bool may_lack_clients() const = 0;
    // That was found when this was opened.
    [[nodiscard]] virtual bool is_in_another_database() const { return false; }
    virtual void take_as_whole() = 0;

    // Whether anything was ever sent on its behalf, or its clients were found by `link`: an intent counts.
    [[nodiscard]] virtual bool has_history() = 0;
    virtual void mark_linked() = 0;

    [[nodiscard]] virtual token_mark marked_token() = 0;
    virtual void mark_token(const token_mark& mark) = 0;

    [[nodiscard]] virtual std::optional<sending_mark> last_sending() = 0;
    virtual void mark_sending(const sending_mark& mark) = 0;
};

}  // namespace baseload
