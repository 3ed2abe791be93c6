#include "doubt_resolver.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/plan/loose_text.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace baseload {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t max_doubts = 1000;  // rows in memory
constexpr unsigned max_creates = 5;       // of one row in one run
// Room is asked for at this interval: feeder and workers wait here only while a thousand creates are in doubt.
constexpr milliseconds until_room{50};
constexpr milliseconds until_twin_is_answered{200};
// With until_twin_is_answered between two tries: four seconds at the least.
constexpr unsigned max_put_off = 20;
// An answer, and a look-up there, take less.
constexpr int max_settlings_elsewhere = 4;

}  // namespace

doubt_resolver::doubt_resolver(const resolver_parts& parts)
    : parts_(parts), inherited_(parts.memory.doubtful_keys()),
      // Whoever sent them has ended, since this run holds the journal; no clock tells when.
      inherited_settled_at_(now() + parts.settling_time), wake_(parts.clock.new_timer()) {
    if (!inherited_.empty()) {
        spdlog::info("{} without an answer from an earlier run: looked up in {}", counted(inherited_.size(), "create"),
                     show_duration(parts.settling_time));
    }
}

void doubt_resolver::enqueue(work_item item) {
    // This run has sent no create of it, so the intent is an earlier run's.
    const bool is_inherited = item.creates_sent == 0 && !item.is_ahead;
    if (is_inherited) {
        seen_.insert(item.key);
    }
    // Nothing was sent yet of what is looked up ahead, so there is nothing to wait for.
    const milliseconds settled_at = item.is_ahead  ? now()
                                    : is_inherited ? inherited_settled_at_
                                                   : now() + parts_.settling_time;
    // Copied first: the item is moved from in the same expression.
    std::string key = item.key;
    doubts_.push_back({std::move(key), std::move(item), settled_at});
    wake_->cancel();
}

asio::awaitable<void> doubt_resolver::enqueue_when_room(work_item item) {
    while (doubts_.size() >= max_doubts && !parts_.stop.requested()) {
        static_cast<void>(co_await parts_.stop.sleep(until_room));
    }
    enqueue(std::move(item));
}

void doubt_resolver::enqueue_inherited() {
    // Called when the source is at its end, so keys that none of its rows has are left. They are settled too
    // (tests/process/doubt_test.py).
    for (const std::string& key : inherited_) {
        if (!seen_.contains(key)) {
            doubts_.push_back({key, std::nullopt, inherited_settled_at_});
        }
    }
    wake_->cancel();
}

void doubt_resolver::close() {
    closed_ = true;
    wake_->cancel();
}

asio::awaitable<std::optional<doubt_resolver::doubt>> doubt_resolver::next_doubt() {
    // A cancelled timer says only that something changed, so the condition is looked at again.
    while (doubts_.empty() && !closed_) {
        co_await wake_->wait_until_cancelled();
    }
    if (doubts_.empty()) {
        co_return std::nullopt;
    }
    doubt first = std::move(doubts_.front());
    doubts_.pop_front();
    co_return first;
}

asio::awaitable<std::optional<work_item>> doubt_resolver::next_settled(api_caller& api) {
    while (std::optional<doubt> d = co_await next_doubt()) {
        const bool goes_on = co_await settle(api, *d);
        if (goes_on && d->row) {
            co_return std::move(*d->row);
        }
    }
    co_return std::nullopt;
}

asio::awaitable<bool> doubt_resolver::settle(api_caller& api, doubt& d) {
    // A create that is looked up, sent again and unanswered again could go round for ever.
    if (d.row && d.row->creates_sent >= max_creates) {
        leave(d, "it was sent again and again, and never answered; the next run goes on");
        co_return false;
    }
    const std::optional<intent> intended = parts_.memory.find_intent(d.key);
    // Of the intent and not of the row: the row may have changed since the create left.
    const auto fields = intended ? read_client_fields(intended->parameters) : failure("there is no intent");
    if (!fields) {
        hold(d, "what was sent cannot be read back from the journal", {});
        co_return false;
    }
    create_lookup search({.key = d.key,
                          .sent = *fields,
                          .newest_id = intended->newest_id,
                          .is_ahead = intended->is_ahead,
                          .is_key_shared = !intended->is_ahead && is_key_shared(d.key)},
                         d.settled_at);
    result<lookup_step> found = co_await look_up(api, search);
    // Again when the answer of another create has claimed the client while link() was waiting.
    while (found && found->what == lookup_step::kind::linked) {
        if (fits_another(d, search)) {
            put_off(std::move(d));
            co_return false;
        }
        const linking linked = co_await link(api, d, search);
        if (linked == linking::done) {
            break;
        }
        search.begin_again(now());
        found = co_await look_up(api, search);
    }
    if (!found) {
        if (d.row && d.row->is_ahead && parts_.stop.requested()) {
            // Nothing was sent of it.
            parts_.recorder.withdraw(d.key);
            parts_.recorder.not_reached(d.key);
        } else {
            leave(d, found.error().problem);
        }
        co_return false;
    }
    co_return conclude(d, *found);
}

bool doubt_resolver::conclude(doubt& d, const lookup_step& found) {
    switch (found.what) {
    case lookup_step::kind::linked:
        spdlog::info("{} is client {} of the account", in_quotes(d.key), found.clients.front());
        if (d.row) {
            // The client of an inherited doubt was created by the earlier run, and counts there.
            d.row->is_created = d.row->creates_sent > 0;
        }
        return true;
    case lookup_step::kind::absent: let_it_be_sent(d); return true;
    default: hold(d, found.why, found.clients); return false;
    }
}

void doubt_resolver::let_it_be_sent(doubt& d) {
    if (d.row && d.row->is_ahead) {
        d.row->is_ahead = false;
        d.row->is_looked_up = true;
        // The sender writes a new intent before the create leaves: this one says that nothing was sent.
        parts_.recorder.withdraw(d.key);
        return;
    }
    spdlog::info("the create of {} had not been carried out", in_quotes(d.key));
    parts_.recorder.not_found(d.key);
}

// Until those have been settled that the client it found fits better.
void doubt_resolver::put_off(doubt d) {
    if (++d.put_off > max_put_off) {
        hold(d, "the client that it may be fits another create in doubt better", {});
        return;
    }
    d.settled_at = now() + until_twin_is_answered;
    doubts_.push_back(std::move(d));
}

// Whether the client shows more than this create sent, and another create in doubt sent that too.
bool doubt_resolver::fits_another(const doubt& d, const create_lookup& search) {
    // A key is proof by itself. What shows nothing beyond what was sent fits this create as well as any.
    if (search.is_matched_by_key() || !shows_more(search.match(), search.subject().sent)) {
        return false;
    }
    // The order in which they are settled must not decide who gets the client (tests/import/doubt_resolver_test.cpp:
    // "of two creates in doubt").
    for (const std::string& key : parts_.memory.doubtful_keys()) {
        const std::optional<intent> other = key == d.key ? std::nullopt : parts_.memory.find_intent(key);
        const auto fields = other ? read_client_fields(other->parameters) : failure("there is no intent");
        if (fields && may_be(search.match(), *fields) && !shows_more(search.match(), *fields)) {
            return true;
        }
    }
    return false;
}

// Whether a create under way may have made one of the clients that were found.
bool doubt_resolver::has_twin(const create_lookup& search, others which) const {
    const auto found = search.candidates();
    // Of what is looked up ahead a twin under way is another row's: the client that it makes is not there yet.
    if (!search.subject().is_ahead && std::any_of(found.begin(), found.end(), [&](const listed_client* client) {
            return parts_.under_way.may_have_made(*client);
        })) {
        return true;
    }
    return !found.empty() && has_twin_elsewhere(found, which);
}

// Asked of the journal: nobody here knows what the other shards of the run have under way.
bool doubt_resolver::has_twin_elsewhere(const std::vector<const listed_client*>& found, others which) const {
    for (const create_elsewhere& other : parts_.memory.creates_elsewhere()) {
        if (which == others::first && !other.goes_first) {
            continue;
        }
        const auto fields = read_client_fields(other.parameters);
        if (!fields || std::any_of(found.begin(), found.end(),
                                   [&](const listed_client* client) { return may_be(*client, *fields); })) {
            return true;
        }
    }
    return false;
}

// False where that takes too long: another shard's create may itself be in doubt, and wait for this one.
asio::awaitable<bool> doubt_resolver::wait_for_twins(const create_lookup& search, others which) {
    const milliseconds deadline = now() + max_settlings_elsewhere * parts_.settling_time;
    while (has_twin(search, which) && !parts_.stop.requested()) {
        if (now() >= deadline && has_twin_elsewhere(search.candidates(), which)) {
            co_return false;
        }
        static_cast<void>(co_await parts_.stop.sleep(until_twin_is_answered));
    }
    co_return true;
}

// The service may store both keys as one text, so that the key shown by a client tells nothing of whose it is.
bool doubt_resolver::is_key_shared(const std::string& key) const {
    const std::vector<std::string> all = parts_.memory.doubtful_keys();
    return std::any_of(all.begin(), all.end(),
                       [&](const std::string& other) { return other != key && loosely_equal_keys(other, key); });
}

// Another row's: the journal knows it, or it shows the key of another create in doubt.
bool doubt_resolver::is_anothers(const create_lookup& search, const listed_client& client) const {
    if (parts_.memory.key_of_client(client.crm_client_id)) {
        return true;
    }
    // The field that carries the key, if one of those that were sent does.
    const auto field = field_of_key(search.subject().key, search.subject().sent);
    const auto shown = field ? client.fields.find(*field) : client.fields.end();
    if (shown == client.fields.end()) {
        return false;
    }
    const std::string key = normalised_key(shown->second);
    // A loosely equal key counts as ours only while two keys share that form: else it is another key.
    const bool may_be_ours = key == search.subject().key ||
                             (search.subject().is_key_shared && loosely_equal_keys(key, search.subject().key));
    return !may_be_ours && parts_.memory.find_intent(key).has_value();
}

asio::awaitable<result<lookup_step>> doubt_resolver::look_up(api_caller& api, create_lookup& search) {
    client_reader reader(api);
    others which = others::all;
    for (;;) {
        // Held and not waited for: the intent is on disk, and the next run looks it up.
        if (parts_.stop.requested()) {
            co_return failure("the run ended before it was looked up; the next one does it");
        }
        const lookup_step next = search.next(now());
        switch (next.what) {
        case lookup_step::kind::wait: static_cast<void>(co_await parts_.stop.sleep(next.wait)); break;
        case lookup_step::kind::ask: {
            const auto page = co_await reader.list(search.search(), next.page);
            if (!page) {
                co_return failure(
                    fmt::format("it could not be looked up ({}); the next run tries again", page.error().problem));
            }
            search.listed(*page, [&](const listed_client& client) { return is_anothers(search, client); });
            break;
        }
        case lookup_step::kind::linked:
        case lookup_step::kind::held:
            // The client may be that of another create, whose answer is on its way.
            if (!has_twin(search, which)) {
                co_return next;
            }
            if (!co_await wait_for_twins(search, which)) {
                if (which == others::first) {
                    co_return failure("the client that it may be fits a create of another shard as well, which is "
                                      "settled first; the next run goes on");
                }
                // Two that wait for each other: whose client it is makes no difference, since the other one finds that
                // it is taken, and is sent again. Those that go first have as long as this one has waited.
                which = others::first;
            }
            search.begin_again(now());
            break;
        default: co_return next;
        }
    }
}

// A client that shows the key is the row's: all that was sent arrived with it, and what is otherwise now somebody
// edited. Of one that was known by what it shows, notes and extra fields are held against what was sent: they are not
// listed. What is not written down as sent, the row's new plan sends. A client that was there before anything was sent
// has of it what it shows.
asio::awaitable<doubt_resolver::linking> doubt_resolver::link(api_caller& api, const doubt& d,
                                                              const create_lookup& search) {
    const client_fields& sent = search.subject().sent;
    const std::int64_t id = search.match().crm_client_id;
    known_client client{.crm_client_id = id, .record_hash = {}, .sent = {}, .deleted = false};
    for (const client_field& field : sent) {
        // The hashes of what was sent stand for what the account has, as after an answered create.
        client.sent.emplace(field.code, hash_of_value(field.value));
    }
    // Only of a create of this run: the plan of a row that may have changed since says nothing of an earlier run's
    // create.
    if (d.row && d.row->creates_sent > 0) {
        const sent_fields& known_after = d.row->plan.known_after;
        client.sent.insert(known_after.begin(), known_after.end());  // what is known to be blank, too
    }
    const bool has_unlisted =
        std::any_of(sent.begin(), sent.end(), [](const client_field& f) { return !is_listed(f.code); });
    if (search.subject().is_ahead) {
        client.sent = confirmed(search.match(), sent);
    } else if (has_unlisted && !search.is_matched_by_key()) {
        client_reader reader(api);
        const result<listed_client> there = co_await reader.data(id);
        // A client that cannot be read confirms nothing: then its unlisted fields are sent again.
        const sent_fields equal = there ? confirmed(*there, sent) : sent_fields{};
        for (auto at = client.sent.begin(); at != client.sent.end();) {
            const bool is_kept = is_listed(at->first) || equal.contains(at->first);
            at = is_kept ? std::next(at) : client.sent.erase(at);
        }
    }
    // Asked after the last wait of this function: an answer may have come meanwhile. Nothing is waited for until
    // linked() has written.
    if (parts_.memory.claim_client(id)) {
        co_return linking::taken;
    }
    if (search.subject().is_ahead) {
        parts_.memory.withdraw(d.key);  // no run created it
    }
    co_await parts_.recorder.linked(d.key, client, search.subject().is_ahead);
    co_return linking::done;
}

// For a person to decide.
void doubt_resolver::hold(const doubt& d, const std::string& why, std::vector<std::int64_t> candidates) {
    parts_.recorder.doubtful({.key = d.key, .line = line_of(d), .why = why, .candidates = std::move(candidates)});
}

// To the next run.
void doubt_resolver::leave(const doubt& d, const std::string& why) {
    parts_.recorder.doubtful({.key = d.key, .line = line_of(d), .why = why, .candidates = {}, .is_left = true});
}

// Line 0 is of no row: such a doubt is named in the summary, and has no outcome to count.
std::uint64_t doubt_resolver::line_of(const doubt& d) {
    return d.row ? d.row->line : 0;
}

}  // namespace baseload
