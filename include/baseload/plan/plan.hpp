#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/entry.hpp"

#include <cstdint>
#include <optional>

namespace baseload {

// What the journal says a valid record needs.
enum class action {
    create,        // send all fields
    update,        // send the fields that changed
    note,          // send nothing; write the record's new fingerprint down
    nothing,       // send nothing
    reject,        // a new client without a single value
    hold,          // in doubt: a person, or a look-up, decides
    stay_refused,  // the server refused this very record before
    leave          // the client was deleted in the panel, and the job lets it rest
};

struct plan {
    action what = action::nothing;
    std::int64_t crm_client_id = 0;  // of an update
    client_fields send;
    sent_fields known_after;  // what the account then has of them: more than was sent, for a create
};

struct plan_options {
    bool retry_refused = false;     // send again what the server refused before
    bool recreate_deleted = false;  // a row whose client was deleted gets a new one
};

// Pure. `record` is the fingerprint of the raw record under the job.
[[nodiscard]] plan decide(const client_fields& fields, const fingerprint& record, const std::optional<entry>& known,
                          const plan_options& options);

}  // namespace baseload
