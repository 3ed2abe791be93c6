#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/exit_code.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baseload {

enum class audit_kind {
    no_client,  // a row that has no client in the account: not sent yet, refused, or in doubt
    faulty,     // a row that cannot be sent: `check` says why
    gone,       // a client that the journal knows, and the account does not have
    not_sent,   // a field that the source has otherwise than it was sent
    edited,     // a field that is as it was sent in the source, and otherwise in the account: somebody edited it there
    twice,      // a client that looks like another one which is a row's: the same e-mail, tax id or login
    unknown     // a client that the journal does not know
};

inline constexpr std::size_t audit_kinds = 7;

// "no_client", …
[[nodiscard]] std::string_view name_of(audit_kind kind);

struct audit_finding {
    audit_kind kind{};
    std::string key = {};    // of the row or the journal; blank when nobody knows
    std::uint64_t line = 0;  // of the row; 0 when the source has none
    std::string file = {};   // whose line it is, where the source consists of several
    std::int64_t crm_client_id = 0;
    std::int64_t other_id = 0;  // of the double
    std::string field = {};     // the API's name
    std::string ours = {};      // the source's value
    std::string theirs = {};    // the account's
    std::string note = {};
};

struct audit_summary {
    std::uint64_t rows = 0;
    std::uint64_t rows_in_step = 0;  // their client is there, with every field that is listed as the source has it
    std::uint64_t clients = 0;       // of the account
    std::uint64_t known = 0;         // of these, those that the journal knows
    std::uint64_t requests = 0;
    std::uint64_t recorded = 0;  // in the journal, where that was asked for
    std::array<std::uint64_t, audit_kinds> counts{};
    std::string stopped_because;  // then nothing is said of the rest
    exit_code code = exit_code::success;

    [[nodiscard]] std::uint64_t of(audit_kind kind) const { return counts.at(static_cast<std::size_t>(kind)); }
};

struct audit_options {
    bool fix_journal = false;  // record which clients are gone and which fields were edited
    bool same_account = false;
};

// Reads the whole account once (a request for each page of clients) and holds it against the journal and the source.
// Notes and extra fields are in no list, and are not compared. Writes nothing but, when asked, the journal. Exit code 1
// when a row is not in step, or has a double. Each finding is told as it is found. Throws command_error as run_import
// does.
[[nodiscard]] audit_summary audit_account(const settings& job, const audit_options& options,
                                          const std::function<void(const audit_finding&)>& found);

}  // namespace baseload
