#include "baseload/plan/create_lookup.hpp"

#include "baseload/core/text.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// The form in which two texts of a field are compared.
std::string as_stored(field_code code, std::string text) {
    static_cast<void>(replace_beyond_bmp(text));
    std::erase(text, '\r');
    text = trimmed(as_service_keeps(code, text));
    return traits_of(code).kind == field_kind::email ? ascii_lower(text) : text;
}

bool shows(const std::string& there, const client_field& sent) {
    const bool both_blank = is_blank(sent.value) && (there.empty() || there == "0");
    return both_blank || as_stored(sent.code, there) == as_stored(sent.code, text_of(sent.value));
}

const client_field* find_text(const client_fields& fields, field_code code) {
    const auto at = std::find_if(fields.begin(), fields.end(), [&](const client_field& f) { return f.code == code; });
    return at == fields.end() || is_blank(at->value) ? nullptr : &*at;
}

}  // namespace

std::optional<client_search> most_telling(const client_fields& sent) {
    const client_field* best = nullptr;
    for (const client_field& field : sent) {
        const unsigned rank = traits_of(field.code).search_rank;
        // A backslash may be an escape in the service's pattern, and then find nothing.
        const bool can_search =
            rank > 0 && !is_blank(field.value) && text_of(field.value).find('\\') == std::string::npos;
        if (can_search && (best == nullptr || rank < traits_of(best->code).search_rank)) {
            best = &field;
        }
    }
    return best == nullptr ? std::nullopt : std::optional(client_search{best->code, text_of(best->value)});
}

sent_fields confirmed(const listed_client& there, const client_fields& sent) {
    sent_fields equal;
    for (const client_field& field : sent) {
        const auto shown = there.fields.find(field.code);
        if (shown != there.fields.end() && shows(shown->second, field)) {
            equal.emplace(field.code, fingerprint_of_value(field.value));
        }
    }
    return equal;
}

bool may_be(const listed_client& there, const client_fields& sent) {
    return std::all_of(sent.begin(), sent.end(), [&](const client_field& field) {
        const auto shown = there.fields.find(field.code);
        return !is_listed(field.code) || shown == there.fields.end() || shows(shown->second, field);
    });
}

bool shows_more(const listed_client& there, const client_fields& sent) {
    return std::any_of(there.fields.begin(), there.fields.end(), [&](const auto& shown) {
        return !traits_of(shown.first).set_by_service && !shown.second.empty() && shown.second != "0" &&
               find_text(sent, shown.first) == nullptr;
    });
}

create_lookup::create_lookup(client_fields sent, milliseconds settled_at)
    : sent_(std::move(sent)), search_(most_telling(sent_)), settled_at_(settled_at) {}

lookup_step create_lookup::next(milliseconds now) const {
    using kind = lookup_step::kind;
    if (!search_) {
        return {.what = kind::unsearchable, .wait = {}, .page = 0, .clients = {}};
    }
    if (now < settled_at_) {
        return {.what = kind::wait, .wait = settled_at_ - now, .page = 0, .clients = {}};
    }
    std::vector<std::int64_t> ids;
    std::transform(matches_.begin(), matches_.end(), std::back_inserter(ids),
                   [](const listed_client& match) { return match.crm_client_id; });
    if (ids.size() > 1) {
        return {.what = kind::ambiguous, .wait = {}, .page = 0, .clients = std::move(ids)};
    }
    if (!at_end_) {
        return {.what = kind::ask, .wait = {}, .page = page_, .clients = {}};
    }
    return {.what = matches_.empty() ? kind::absent : kind::linked, .wait = {}, .page = 0, .clients = std::move(ids)};
}

void create_lookup::listed(const std::vector<listed_client>& page, const std::function<bool(std::int64_t)>& is_taken) {
    bool has_new = false;
    for (const listed_client& there : page) {
        // Clients move from page to page when others are removed meanwhile.
        if (!seen_.insert(there.crm_client_id).second) {
            continue;
        }
        has_new = true;
        const bool shows_it = there.fields.contains(search_->field);
        if (shows_it && may_be(there, sent_) && !is_taken(there.crm_client_id)) {
            matches_.push_back(there);
        }
    }
    ++page_;
    at_end_ = page.size() < clients_on_a_page || !has_new;  // a service that repeats its last page for ever
}

void create_lookup::begin_again(milliseconds settled_at) {
    settled_at_ = settled_at;
    page_ = 1;
    at_end_ = false;
    seen_.clear();
    matches_.clear();
}

}  // namespace baseload
