// What the journal holds in memory too: what is under way or in doubt, and who was refused.
#include "sqlite_journal.hpp"

#include "big_endian.hpp"
#include "sqlite_values.hpp"

#include <algorithm>
#include <utility>

namespace baseload {

// Reads what is few and asked for often: what is under way or in doubt, and who was refused.
void sqlite_journal::read_what_is_open() {
    directory_.load();
    session_.guarded([&] {
        read_intents();
        read_unsettled();
        read_refused();
    });
}

// Without the parameters, which are long: find_intent reads those of one intent when a look-up needs them.
void sqlite_journal::read_intents() {
    intents_.clear();
    SQLite::Statement& s =
        session_.query("SELECT number, key, run, line, at, newest_id, ahead FROM intent ORDER BY number");
    while (s.executeStep()) {
        open_intent open{.number = s.getColumn(0).getInt64(),
                         .key = s.getColumn(1).getString(),
                         .run = s.getColumn(2).getInt64(),
                         .line = static_cast<std::uint64_t>(s.getColumn(3).getInt64()),
                         .at = s.getColumn(4).getInt64(),
                         .newest_id = {},
                         .is_ahead = s.getColumn(6).getInt() != 0};
        if (!s.getColumn(5).isNull()) {
            open.newest_id = s.getColumn(5).getInt64();
        }
        // Numbers of rows that are gone may be given again; nothing refers to them.
        last_intent_ = std::max(last_intent_, open.number);
        intents_.emplace(key_hash(open.key), std::move(open));
    }
    s.reset();
}

void sqlite_journal::read_unsettled() {
    unsettled_.clear();
    SQLite::Statement& s = session_.query("SELECT number, key, run, fields FROM unsettled ORDER BY number");
    while (s.executeStep()) {
        unsettled_fields& open = unsettled_[key_hash(s.getColumn(1).getString())];
        open.numbers.push_back(s.getColumn(0).getInt64());
        // Several updates of one key may be unsettled, in the order of their numbers: the last run stays.
        open.run = s.getColumn(2).getInt64();
        const std::string codes = bytes_of(s.getColumn(3));
        for (std::size_t at = 0; at + 4 <= codes.size(); at += 4) {
            open.fields.insert(static_cast<field_code>(read_big_endian(codes, at, 4)));
        }
        last_unsettled_ = std::max(last_unsettled_, open.numbers.back());
    }
    s.reset();
}

void sqlite_journal::read_refused() {
    refused_.clear();
    SQLite::Statement& s = session_.query("SELECT key_hash FROM refusal");
    while (s.executeStep()) {
        refused_.insert(key_from_bytes(s.getColumn(0).getBlob()));
    }
    s.reset();
}

}  // namespace baseload
