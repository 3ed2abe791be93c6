#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/fingerprint.hpp"

#include <boost/container/flat_map.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace baseload {

// What was sent for each field when it last left, as its hash. Sorted, in one piece of memory: every row that is sent
// has two or three of them.
using sent_fields = boost::container::flat_map<field_code, content_hash>;

// A client that the account has, as the journal knows it.
struct known_client {
    std::int64_t crm_client_id = 0;
    content_hash record_hash;  // of the raw record it was last brought in step with
    sent_fields sent;
    bool deleted = false;  // the account does not have it any more
};

// The server's no to a record, kept so that the same record does not ask again.
struct refusal {
    content_hash record_hash;
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
