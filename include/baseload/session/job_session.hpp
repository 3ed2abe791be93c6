#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/session/journal_admission.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace baseload {

// How a command that changes something opens its job.
struct opening {
    bool same_keys = false;     // the key's columns are called otherwise now
    bool same_account = false;  // the token is another, and the account the same, whatever its clients show
    admission_options journal = {};
    bool only_links = false;  // it sends no create, and puts right whatever speaks against the journal
    shard part = {};
};

// The opening of a command that changes something: the token, then the journal, held against other runs and held
// against what the account's state remembers of it, then the way to the account. Throws command_error as each of them
// does; nothing is asked of the account yet.
class job_session {
public:
    explicit job_session(const settings& job, const opening& how = {});
    // Ends the journal's session, and lets the account's state know of it.
    ~job_session();
    job_session(const job_session&) = delete;
    job_session& operator=(const job_session&) = delete;

    [[nodiscard]] journal& memory() { return *journal_; }
    [[nodiscard]] account_session& account() { return account_; }

    // To be called before the first request that changes something, or that trusts what the journal knows: reads a few
    // known clients where the token is not the one that the journal knows. Throws command_error(usage) when they are
    // not as they were sent: the token is another account's. When it cannot ask, a stop is requested.
    void confirm_account();

    // `link` has brought the journal in step with the account: its next create is not its first, and it is whole now,
    // if the source was.
    void journal_is_complete(bool is_whole_source);

    // The account's state knows from here on that these are not used any more, since this one has their clients, and
    // that this one is used.
    void replace(const std::vector<used_journal>& others);

    // From here on the account's state knows the journal as the one that is used: before its first create leaves.
    void adopt_journal();

private:
    void take_as_whole();
    void tell_what_may_be_lacking();
    void wait_for_predecessor();
    void refuse_copied_journal();
    void begin_session();
    void mark_sending();
    void wait_for_other_counts();

    settings job_;
    opening how_;
    token secret_;
    std::unique_ptr<journal> journal_;
    account_session account_;
    wall_time marked_at_{};
    std::uint64_t sessions_known_ = 0;
    bool in_session_ = false;
    bool is_adopted_ = false;
};

}  // namespace baseload
