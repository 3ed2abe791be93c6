#pragma once

#include "baseload/database/sql_session.hpp"
#include "key_filter.hpp"
#include "key_pack.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace baseload {

// The narrow part of the journal: of every key that has a client its record's hash and the client's number. That is all
// that an unchanged row needs, and it leads a changed one to the rest.
//
// Its rows lie sorted in packs of about a hundred, each a blob, so that reading all of them is reading in order.
// Changes are appended to a log, a blob a commit, and are merged into the packs when the log is long, in the order of
// the hashes: a change in the place of its hash would rewrite a page of its own for every row. What the log holds is in
// memory too.
class key_directory {
public:
    explicit key_directory(sql_session& session) : session_(session) {}

    // Reads the log, at the beginning and after a rollback.
    void load();

    [[nodiscard]] std::optional<key_row> find(const fingerprint& key);
    // Of each, in their order.
    [[nodiscard]] std::vector<std::optional<key_row>> find_all(std::span<const fingerprint> keys);

    // Client 0 takes the key out. Belongs to the transaction once flush() has written it.
    void put(const key_row& row);
    void flush();
    [[nodiscard]] bool has_unwritten() const { return !unwritten_.empty(); }

    // At least as many rows as there are.
    [[nodiscard]] std::uint64_t count();

    // Each row once, by key.
    void each(const std::function<void(const key_row&)>& visit);

    // Merges the log into the packs, within the transaction.
    void fold();
    // Whether that is due: while a run writes, and at its end.
    [[nodiscard]] bool is_log_long();
    [[nodiscard]] bool is_log_worth_folding();

private:
    struct pack {
        std::int64_t begin = 0;  // place_of() the first key that belongs to it
        std::vector<key_row> rows;
    };
    struct last_change {
        content_hash record;
        std::int64_t client = 0;
    };
    // Keys are hashes already.
    struct upper_half {
        std::size_t operator()(const fingerprint& key) const { return key.high; }
    };

    [[nodiscard]] std::vector<key_row> sorted_changes() const;
    [[nodiscard]] pack pack_around(std::int64_t place);
    [[nodiscard]] std::optional<std::int64_t> next_pack(std::int64_t begin);
    void write_pack(std::int64_t begin, const std::vector<key_row>& rows);
    void note_found(const fingerprint& key, const std::optional<key_row>& found);
    [[nodiscard]] bool is_surely_in_no_pack(const fingerprint& key) const;
    void filter_all_packs();
    [[nodiscard]] bool is_known_in_memory(const fingerprint& key, std::optional<key_row>& found) const;

    sql_session& session_;
    std::unordered_map<fingerprint, last_change, upper_half> changes_;    // what the log says, and what is to come
    std::string unwritten_;                                               // rows for the log
    std::uint64_t logged_ = 0;                                            // rows in the log
    std::uint64_t packed_ = 0;                                            // rows in the packs
    std::unordered_map<fingerprint, last_change, upper_half> looked_up_;  // in the packs; client 0: it is in none
    // Keys of the packs, each of four times as many as those before it. Only once all of them are in it; what a
    // rollback takes back stays.
    std::vector<key_filter> filters_;
    bool are_filtered_ = false;
    std::uint64_t asked_in_vain_ = 0;
};

}  // namespace baseload
