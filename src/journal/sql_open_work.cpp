// What the journal holds in memory too: what is under way or in doubt, and who was refused.
#include "sql_journal.hpp"

#include "big_endian.hpp"
#include "sql_values.hpp"

#include <algorithm>
#include <utility>

namespace baseload {

// Reads what is few and asked for often: what is under way or in doubt, and who was refused.
void sql_journal::read_what_is_open() {
    directory_.load();
    clients_read_.clear();
    read_intents();
    read_unsettled();
    read_refused();
}

// Without the parameters, which are long: find_intent reads those of one intent when a look-up needs them.
void sql_journal::read_intents() {
    intents_.clear();
    sql_rows s = session_.query("SELECT number, key, run, line, at, newest_id, ahead FROM intent ORDER BY number");
    while (s.next()) {
        open_intent open{.number = s.integer(0),
                         .key = s.text(1),
                         .run = s.integer(2),
                         .line = static_cast<std::uint64_t>(s.integer(3)),
                         .at = s.integer(4),
                         .newest_id = s.optional_integer(5),
                         .is_ahead = s.integer(6) != 0};
        // Numbers of rows that are gone may be given again; nothing refers to them.
        last_intent_ = std::max(last_intent_, open.number);
        if (part_.has_key(open.key)) {
            intents_.emplace(key_hash(open.key), std::move(open));
        }
    }
}

void sql_journal::read_unsettled() {
    unsettled_.clear();
    sql_rows s = session_.query("SELECT number, key, run, fields FROM unsettled ORDER BY number");
    while (s.next()) {
        last_unsettled_ = std::max(last_unsettled_, s.integer(0));
        const std::string key = s.text(1);
        if (!part_.has_key(key)) {
            continue;
        }
        unsettled_fields& open = unsettled_[key_hash(key)];
        open.numbers.push_back(s.integer(0));
        // Several updates of one key may be unsettled, in the order of their numbers: the last run stays.
        open.run = s.integer(2);
        const std::string_view codes = s.bytes(3);
        for (std::size_t at = 0; at + 4 <= codes.size(); at += 4) {
            open.fields.insert(static_cast<field_code>(read_big_endian(codes, at, 4)));
        }
    }
}

void sql_journal::read_refused() {
    refused_.clear();
    sql_rows s = session_.query("SELECT key_hash FROM refusal");
    while (s.next()) {
        refused_.insert(key_from_bytes(s.bytes(0).data()));
    }
}

}  // namespace baseload
