#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/journal_entry.hpp"
#include "baseload/core/listing.hpp"

#include <optional>
#include <string>
#include <vector>

// Rows and clients that are one customer, by what they show.

namespace baseload {

// The texts of these fields in a form in which equal customers are equal: without case and
// white space, and without dashes in numbers. Nothing when one of them is blank.
[[nodiscard]] std::optional<std::string> match_text(const client_fields& row, const std::vector<field_code>& fields);
[[nodiscard]] std::optional<std::string> match_text(const listed_client& client, const std::vector<field_code>& fields);

// What the client shows, as if it had been sent.
[[nodiscard]] sent_fields shown_fields(const listed_client& client);

// Whether the client may be the one that a row with this key was sent as: a text by which clients are told apart (not a
// country, a status) is as it was sent, or one is the key and none is another than was sent.
[[nodiscard]] bool shows_what_was_sent(const listed_client& client, const std::string& key, const sent_fields& sent);

// The client's values of these fields, as they would be sent; one that it does not show is blank.
[[nodiscard]] client_fields shown_values(const listed_client& client, const client_fields& fields);

}  // namespace baseload
