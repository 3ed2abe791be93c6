#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/config/token.hpp"
#include "baseload/journal/journal.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/session/job_journal.hpp"

#include <memory>

namespace baseload {

// The opening of a command that changes something: the token, then the journal, held against other runs, then the way
// to the account. Throws command_error as each of them does; nothing is asked of the account yet.
class job_session {
public:
    explicit job_session(const settings& job, bool same_keys = false)
        : secret_(read_token(job.account)), journal_(open_job_journal(job, same_keys)), account_(job, secret_) {}

    [[nodiscard]] journal& memory() { return *journal_; }
    [[nodiscard]] account_session& account() { return account_; }

private:
    token secret_;
    std::unique_ptr<journal> journal_;
    account_session account_;
};

}  // namespace baseload
