#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/journal_entry.hpp"

#include <cstdint>
#include <optional>

namespace baseload {

// What the journal says a valid record needs.
enum class plan_action {
    create,        // send all fields
    update,        // send the fields that changed
    refresh_hash,  // send nothing; write the record's new fingerprint down
    nothing,       // send nothing
    reject,        // a new client without a single value
    look_up,       // in doubt: a person, or a look-up, decides
    skip_refused,  // the server refused this very record before
    skip_deleted   // the client was deleted in the panel, and the job lets it rest
};

struct row_plan {
    plan_action action = plan_action::nothing;
    std::int64_t crm_client_id = 0;  // of an update
    client_fields send;
    sent_fields known_after;   // what the account then has of them: more than was sent, for a create
    sent_fields sent_before;   // of an update: what the journal knew of the client
    content_hash hash_before;  // likewise
};

struct plan_options {
    bool retry_refused = false;     // send again what the server refused before
    bool recreate_deleted = false;  // a row whose client was deleted gets a new one
};

// What decide() comes to, for a record that the journal does not know, without what it takes to send it. Pure.
[[nodiscard]] plan_action action_for_new(const client_fields& fields);

// Pure. `record_hash` is the hash of the raw record under the job.
[[nodiscard]] row_plan decide(const client_fields& fields, content_hash record_hash,
                              const std::optional<journal_entry>& entry, const plan_options& options);

}  // namespace baseload
