#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/journal_entry.hpp"
#include "baseload/core/listing.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace baseload {

// The field that was sent with the key itself as its text, if getCrmClients can be searched by it: a login, most often.
[[nodiscard]] std::optional<field_code> field_of_key(const std::string& key, const client_fields& sent);

// By what a create is looked for, one after the other: the field that carries the key, then the most telling texts.
// Blank when it sent none that getCrmClients can search by.
[[nodiscard]] std::vector<client_search> searches_for(const std::string& key, const client_fields& sent);

// The fields that the client shows as they were sent, in whatever form, each with its fingerprint.
[[nodiscard]] sent_fields confirmed(const listed_client& there, const client_fields& sent);

// Whether the client may be what was sent: no listed field that it shows is otherwise.
[[nodiscard]] bool may_be(const listed_client& there, const client_fields& sent);

// Whether the client may be what was sent, and shows more texts than were: then it may be that
// of another create, which sent those too.
[[nodiscard]] bool shows_more(const listed_client& there, const client_fields& sent);

// What is looked for.
struct lookup_subject {
    std::string key;
    client_fields sent;
    // Clients with higher ids are newer than the create. Nothing: old cannot be told from new.
    std::optional<std::int64_t> newest_id;
    // The create has not left yet: a client of any age may be the row's.
    bool is_ahead = false;
    // Another create without an answer has this key in another form ("k1" and "K1"), which the service may make the
    // same: who shows it must show all else that was sent, too.
    bool is_key_shared = false;
};

// What a look-up wants next, or what it found.
struct lookup_step {
    enum class kind {
        wait,         // for `wait`: the service may still be carrying the request out
        ask,          // for `page` of the search
        linked,       // clients.front() is it
        absent,       // it was never carried out
        held,         // one of `clients` may be it: a person decides
        unsearchable  // nothing to search by: likewise
    };
    kind what = kind::wait;
    std::chrono::milliseconds wait{0};
    unsigned page = 0;
    std::vector<std::int64_t> clients;
    std::string why;  // it is held
};

// The look-up of one create whose answer never came (src/README.md, "In doubt"). Pure: it says what it wants next, and
// is told what came of it. Times are readings of one clock that only goes forward.
class create_lookup {
public:
    // Pages of one search, at most: a text that so many clients share tells nobody apart.
    static constexpr unsigned max_pages = 20;

    // `settled_at`: from then on, a request that was not carried out never will be.
    create_lookup(lookup_subject subject, std::chrono::milliseconds settled_at);

    [[nodiscard]] lookup_step next(std::chrono::milliseconds now) const;

    // Precondition: next() asks for a page of it.
    [[nodiscard]] const client_search& search() const { return searches_.at(search_); }

    // The page that was asked for. `is_anothers`: the client is another row's already.
    void listed(const std::vector<listed_client>& page, const std::function<bool(const listed_client&)>& is_anothers);

    // From the first page on, once it is settled.
    void begin_again(std::chrono::milliseconds settled_at);

    [[nodiscard]] const lookup_subject& subject() const { return subject_; }

    // Precondition: next() says that it is linked. The client, and whether it was known by the key itself.
    [[nodiscard]] const listed_client& match() const;
    [[nodiscard]] bool is_matched_by_key() const;

    // Precondition: next() says that it is linked or held: who it is about.
    [[nodiscard]] std::vector<const listed_client*> candidates() const;

private:
    enum class resemblance { key, all, some };  // the key's own field, every listed field, or something telling
    struct candidate {
        listed_client client;
        resemblance by = resemblance::some;
        bool is_newer = false;
    };

    void consider(const listed_client& there);
    [[nodiscard]] std::vector<const candidate*> matches() const;
    [[nodiscard]] lookup_step conclude() const;

    lookup_subject subject_;
    std::vector<client_search> searches_;
    std::optional<field_code> key_field_;
    std::chrono::milliseconds settled_at_;
    std::size_t search_ = 0;
    unsigned page_ = 1;
    std::size_t whole_searches_ = 0;  // read to their last page
    std::set<std::int64_t> seen_;     // in this search
    std::map<std::int64_t, candidate> candidates_;
};

}  // namespace baseload
