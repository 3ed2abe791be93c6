#include "first_create.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>

#include <vector>

namespace baseload {
namespace {

boost::asio::awaitable<result<std::vector<listed_client>>> first_page(account_session& account) {
    api_caller api = account.new_caller();
    client_reader reader(api);
    co_return co_await reader.list(std::nullopt, 1);
}

// One page is enough: a single client in the account is reason to stop.
void refuse_unless_empty(job_session& session) {
    account_session& account = session.account();
    const auto page = account.run(first_page(account));
    if (!page) {
        account.stop().request(
            exit_code::stopped,
            fmt::format("the account could not be asked whether it has clients ({}); run again", page.error().problem));
        return;
    }
    // Another shard of the run has looked, and begun to send: its intent was durable before its client was there.
    if (session.memory().has_history()) {
        return;
    }
    if (page->empty()) {
        // 0: the account is known to have given no id, so every later client is newer than any create of this run.
        session.memory().saw_id(0);
        return;
    }
    throw command_error(
        exit_code::usage,
        fmt::format("the journal is new, and the account has clients already ({} on the first page of its list): a row "
                    "that is one of them would be created again; nothing was sent. Find them with baseload link JOB "
                    "--match email (or another field that tells them apart); if none of them is in the source, say "
                    "--first-run",
                    grouped(page->size())));
}

}  // namespace

void guard_first_create(job_session& session, bool is_meant) {
    if (!session.memory().has_history()) {
        if (!is_meant) {
            refuse_unless_empty(session);
        }
        // From now on the account's state file knows the journal, before the first create leaves: if the journal is
        // lost, the next run notices.
        if (!session.account().stop().requested()) {
            session.adopt_journal();
        }
    }
}

}  // namespace baseload
