#pragma once

#include "baseload/core/client.hpp"
#include "baseload/core/journal_entry.hpp"
#include "baseload/core/listing.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <vector>

namespace baseload {

// By what a create is looked for: the most telling text that it sent (src/README.md, "In doubt").
// Nothing when it sent none that getCrmClients can search by.
[[nodiscard]] std::optional<client_search> most_telling(const client_fields& sent);

// The fields that the client shows as they were sent, each with its fingerprint. Compared as
// the service stores them (src/api/README.md): tax ids without spaces and dashes, `?` for what it cannot
// hold.
[[nodiscard]] sent_fields confirmed(const listed_client& there, const client_fields& sent);

// Whether the client may be what was sent: no listed field that it shows is otherwise.
[[nodiscard]] bool may_be(const listed_client& there, const client_fields& sent);

// Whether the client may be what was sent, and shows more texts than were: then it may be that
// of another create, which sent those too.
[[nodiscard]] bool shows_more(const listed_client& there, const client_fields& sent);

// What a look-up wants next, or what it found.
struct lookup_step {
    enum class kind {
        wait,         // for `wait`: the service may still be carrying the request out
        ask,          // for `page` of the search
        linked,       // clients.front() is it
        absent,       // it was never carried out
        ambiguous,    // several of `clients` match: a person decides
        unsearchable  // nothing to search by: likewise
    };
    kind what = kind::wait;
    std::chrono::milliseconds wait{0};
    unsigned page = 0;
    std::vector<std::int64_t> clients;
};

// The look-up of one create whose answer never came. Pure: it says what it wants next, and
// is told what came of it. Times are readings of one clock that only goes forward.
class create_lookup {
public:
    // `settled_at`: from then on, a request that was not carried out never will be.
    create_lookup(client_fields sent, std::chrono::milliseconds settled_at);

    [[nodiscard]] lookup_step next(std::chrono::milliseconds now) const;

    // Precondition: next() has a search to ask for.
    [[nodiscard]] const client_search& search() const { return *search_; }

    // The page that was asked for. `is_taken`: the client is another row's already.
    void listed(const std::vector<listed_client>& page, const std::function<bool(std::int64_t)>& is_taken);

    // From the first page on, once it is settled.
    void begin_again(std::chrono::milliseconds settled_at);

    [[nodiscard]] const client_fields& sent() const { return sent_; }

    // Precondition: next() says that it is linked.
    [[nodiscard]] const listed_client& match() const { return matches_.front(); }

private:
    client_fields sent_;
    std::optional<client_search> search_;
    std::chrono::milliseconds settled_at_;
    unsigned page_ = 1;
    bool at_end_ = false;
    std::set<std::int64_t> seen_;
    std::vector<listed_client> matches_;
};

}  // namespace baseload
