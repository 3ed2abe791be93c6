#pragma once

#include "baseload/journal/client_memory.hpp"
#include "baseload/survey/survey.hpp"
#include "key_index.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace baseload {

// Keys that differ in their form alone (loose_key): most likely one customer in two spellings, who is about to become
// two clients. Part of the first pass: what it finds goes into the survey, which outlives it, as the index does.
class like_keys {
public:
    // What the row of that ordinal needs, as far as the pass can tell by now.
    using row_need_now = std::function<row_need(std::uint32_t ordinal)>;

    like_keys(survey& found, const key_index& index) : found_(found), index_(index) {}

    // The key of a row that is to be created. Named at once where it is the key of another row, or of the journal, in
    // other letters.
    void add_new(const std::string& key, std::uint32_t ordinal, std::uint64_t line, const row_need_now& need);

    // The new key of a row that the job leaves out.
    void add_skipped(const std::string& key);

    // Once all are added: those that are like each other.
    void name_new_ones();

    // Once all are added, and the survey knows who is missing: whose key is like that of a row that is left out is
    // there.
    void spare_skipped(client_memory& memory, const std::function<bool()>& keep_going);

    // After name_new_ones(): new keys that are like those of known clients which no row has, or like that of a create
    // in doubt, wait until a person says that they are meant. `keep_going` as in make_survey().
    void hold_back(client_memory& memory, const std::function<bool()>& keep_going);

private:
    // Its hash in place of the text: 16 bytes a key, whatever its length. Lines have 32 bits, as in the index.
    struct new_key {
        std::uint64_t loose = 0;  // hash of loose_key()
        std::uint32_t ordinal = 0;
        std::uint32_t line = 0;

        friend auto operator<=>(const new_key&, const new_key&) = default;
    };

    void name(similar_key pair);
    bool hold_back_like(const std::string& known);  // true when a row has a key like it

    survey& found_;
    const key_index& index_;
    std::vector<new_key> new_keys_;
    std::vector<std::uint64_t> skipped_;  // hashes of loose_key()
};

}  // namespace baseload
