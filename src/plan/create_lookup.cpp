#include "baseload/plan/create_lookup.hpp"

#include "baseload/core/text.hpp"
#include "baseload/plan/loose_text.hpp"

#include <algorithm>
#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// Each search costs at least one request, of which the account has few a minute.
constexpr std::size_t max_searches = 3;

bool shows(const std::string& there, const client_field& sent) {
    // The service shows an unset number as 0 or "" (src/api/README.md, getCrmClients).
    const bool both_blank = is_blank(sent.value) && (there.empty() || there == "0");
    return both_blank || loosely_equal(sent.code, there, text_of(sent.value));
}

const client_field* find_text(const client_fields& fields, field_code code) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const client_field& f) { return f.code == code; });
    return at == fields.end() || is_blank(at->value) ? nullptr : &*at;
}

// A text by which the account can be searched.
bool is_searchable(const client_field& field) {
    return traits_of(field.code).search_rank > 0 && !is_blank(field.value);
}

// Every listed text that was sent is there. A field that the client does not show is blank, and so another.
bool shows_all(const listed_client& there, const client_fields& sent) {
    return std::all_of(sent.begin(), sent.end(), [&](const client_field& field) {
        const auto shown = there.fields.find(field.code);
        return !is_listed(field.code) || shows(shown == there.fields.end() ? std::string{} : shown->second, field);
    });
}

// Something by which clients are told apart is as it was sent.
bool shows_something_telling(const listed_client& there, const client_fields& sent) {
    return std::any_of(sent.begin(), sent.end(), [&](const client_field& field) {
        const auto shown = there.fields.find(field.code);
        return is_searchable(field) && shown != there.fields.end() && !shown->second.empty() &&
               shows(shown->second, field);
    });
}

}  // namespace

std::optional<field_code> field_of_key(const std::string& key, const client_fields& sent) {
    const auto at = std::find_if(sent.begin(), sent.end(), [&](const client_field& field) {
        // The journal's form of a key on both sides. A file's title or a number never gets here: neither can be
        // searched by.
        return is_searchable(field) && normalised_key(text_of(field.value)) == key;
    });
    return at == sent.end() ? std::nullopt : std::optional(at->code);
}

std::vector<client_search> searches_for(const std::string& key, const client_fields& sent) {
    std::vector<const client_field*> telling;
    for (const client_field& field : sent) {
        if (is_searchable(field)) {
            telling.push_back(&field);
        }
    }
    const auto by_key = field_of_key(key, sent);
    const auto rank = [&](const client_field* f) { return f->code == by_key ? 0U : traits_of(f->code).search_rank; };
    std::sort(telling.begin(), telling.end(),
              [&](const client_field* one, const client_field* other) { return rank(one) < rank(other); });
    std::vector<client_search> searches;
    for (const client_field* field : telling) {
        // The filters of getCrmClients find parts of texts (documented), so a piece finds all that the whole text
        // would.
        std::string piece = stable_piece(field->code, text_of(field->value));
        if (!piece.empty() && searches.size() < max_searches) {
            searches.push_back({field->code, std::move(piece)});
        }
    }
    return searches;
}

sent_fields confirmed(const listed_client& there, const client_fields& sent) {
    sent_fields equal;
    for (const client_field& field : sent) {
        const auto shown = there.fields.find(field.code);
        if (shown != there.fields.end() && shows(shown->second, field)) {
            equal.emplace(field.code, hash_of_value(field.value));
        }
    }
    return equal;
}

bool may_be(const listed_client& there, const client_fields& sent) {
    return std::all_of(sent.begin(), sent.end(), [&](const client_field& field) {
        const auto shown = there.fields.find(field.code);
        // Notes and extra fields are not listed, and what is not shown speaks neither for nor against it.
        return !is_listed(field.code) || shown == there.fields.end() || shows(shown->second, field);
    });
}

bool shows_more(const listed_client& there, const client_fields& sent) {
    return std::any_of(there.fields.begin(), there.fields.end(), [&](const auto& shown) {
        // What the service may set by itself, such as the status, is no sign that another create made the client.
        return !traits_of(shown.first).set_by_service && !shown.second.empty() && shown.second != "0" &&
               find_text(sent, shown.first) == nullptr;
    });
}

create_lookup::create_lookup(lookup_subject subject, milliseconds settled_at)
    : subject_(std::move(subject)), searches_(searches_for(subject_.key, subject_.sent)),
      key_field_(field_of_key(subject_.key, subject_.sent)), settled_at_(settled_at) {
    if (subject_.is_ahead && !searches_.empty()) {
        searches_.resize(1);  // what each create is to cost is one request
    }
}

lookup_step create_lookup::next(milliseconds now) const {
    using kind = lookup_step::kind;
    if (searches_.empty()) {
        return {.what = kind::unsearchable,
                .wait = {},
                .page = 0,
                .clients = {},
                .why = "it has no text by which the account could be searched"};
    }
    if (now < settled_at_) {
        return {.what = kind::wait, .wait = settled_at_ - now, .page = 0, .clients = {}, .why = {}};
    }
    if (search_ < searches_.size()) {
        return {.what = kind::ask, .wait = {}, .page = page_, .clients = {}, .why = {}};
    }
    return conclude();
}

// The newer ones that are the create's: by the key itself, else by all that they show.
std::vector<const create_lookup::candidate*> create_lookup::matches() const {
    std::vector<const candidate*> by_key;
    // An older client was there before the create left, so the create did not make it, even if it has the key.
    std::vector<const candidate*> by_all;
    for (const auto& [id, c] : candidates_) {
        if (c.is_newer && c.by == resemblance::key) {
            by_key.push_back(&c);
        } else if (c.is_newer && c.by == resemblance::all) {
            by_all.push_back(&c);
        }
    }
    // All that they show may be little (one e-mail address); a key that fits outweighs it.
    return by_key.empty() ? by_all : by_key;
}

lookup_step create_lookup::conclude() const {
    using kind = lookup_step::kind;
    lookup_step step{.what = kind::absent, .wait = {}, .page = 0, .clients = {}, .why = {}};
    for (const listed_client* client : candidates()) {
        step.clients.push_back(client->crm_client_id);
    }
    const std::size_t exact = matches().size();
    // Exactly one: of two that are the same nobody can say which one the create made.
    if (exact == 1) {
        step.what = kind::linked;
    } else if (exact > 1) {
        step.what = kind::held;
        step.why = "several clients of the account are as it was sent";
    } else if (!step.clients.empty()) {
        step.what = kind::held;
        step.why = !subject_.newest_id && !subject_.is_ahead
                       ? "a client of the account is like it, and nobody can say whether it was there before"
                       : "a client of the account is like it, and not the same in all";
        // No search was read to its end, so that nothing was found proves nothing. One that was is enough: it would
        // have shown the client, since its text is the client's.
    } else if (whole_searches_ == 0) {
        step.what = kind::held;
        step.why = "too many clients share the texts by which it could be searched";
    }
    return step;
}

const listed_client& create_lookup::match() const {
    return matches().front()->client;
}

bool create_lookup::is_matched_by_key() const {
    return matches().front()->by == resemblance::key;
}

std::vector<const listed_client*> create_lookup::candidates() const {
    std::vector<const listed_client*> all;
    const std::vector<const candidate*> exact = matches();
    for (const candidate* c : exact) {
        all.push_back(&c->client);
    }
    if (!exact.empty()) {
        return all;
    }
    // Newer and not the same; older and the same; or of unknown age.
    for (const auto& [id, c] : candidates_) {
        const bool is_age_known = subject_.newest_id.has_value() || subject_.is_ahead;
        if (c.is_newer || !is_age_known || may_be(c.client, subject_.sent)) {
            all.push_back(&c.client);
        }
    }
    return all;
}

void create_lookup::consider(const listed_client& there) {
    const auto shown_key = key_field_ ? there.fields.find(*key_field_) : there.fields.end();
    candidate c{.client = there, .by = resemblance::some, .is_newer = false};
    const bool shows_key = shown_key != there.fields.end() && loosely_equal_keys(shown_key->second, subject_.key);
    if (shows_key && !subject_.is_key_shared) {
        c.by = resemblance::key;
    } else if (!shows_something_telling(there, subject_.sent)) {
        return;  // its text merely holds what was searched for
    } else if (shows_all(there, subject_.sent)) {
        c.by = resemblance::all;
    }
    // By the id alone, since ids of new clients rise (inferred; where they do not, newest_id is empty).
    c.is_newer = subject_.is_ahead || (subject_.newest_id && there.crm_client_id > *subject_.newest_id);
    candidates_.insert_or_assign(there.crm_client_id, std::move(c));
}

void create_lookup::listed(const std::vector<listed_client>& page,
                           const std::function<bool(const listed_client&)>& is_anothers) {
    bool has_new = false;
    for (const listed_client& there : page) {
        // Clients move from page to page when others are removed meanwhile; and a service may repeat its last page for
        // ever, or have pages of any size: only a page with nothing new is the last.
        if (!seen_.insert(there.crm_client_id).second) {
            continue;
        }
        has_new = true;
        if (!is_anothers(there)) {
            consider(there);
        }
    }
    ++page_;
    if (has_new && page_ <= max_pages) {
        return;
    }
    // A search that ended at max_pages has not seen all.
    whole_searches_ += has_new ? 0 : 1;
    page_ = 1;
    seen_.clear();
    // Known by its key, it need not be looked for by other texts.
    const std::vector<const candidate*> found = matches();
    const bool is_known = !found.empty() && found.front()->by == resemblance::key;
    search_ = is_known ? searches_.size() : search_ + 1;
}

// For a look-up during which creates were under way that may have made what it found (import/doubt_resolver.cpp).
void create_lookup::begin_again(milliseconds settled_at) {
    settled_at_ = settled_at;
    search_ = 0;
    page_ = 1;
    whole_searches_ = 0;
    seen_.clear();
    candidates_.clear();
}

}  // namespace baseload
