#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/fingerprint.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace baseload {

// What was sent for each field when it last left, as its fingerprint.
using sent_fields = std::map<field_code, fingerprint>;

// A client that the account has, as the journal knows it.
struct known_client {
    std::int64_t crm_client_id = 0;
    fingerprint record_hash;  // of the raw record it was last brought in step with
    sent_fields sent;
    bool deleted = false;  // the account does not have it any more
};

// The server's no to a record, kept so that the same record does not ask again.
struct refusal {
    fingerprint record_hash;
    std::string code;
    std::string message;
};

// All that the journal knows of one key.
struct journal_entry {
    std::optional<known_client> client;
    std::optional<refusal> refused;
    bool in_doubt = false;  // an intent to create it, whose answer never came
    // The status that its client had before [missing] gave it another.
    std::optional<std::int64_t> status_before_missing;
};

}  // namespace baseload
