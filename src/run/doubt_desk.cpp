#include "doubt_desk.hpp"

#include "baseload/api/boot_clock.hpp"
#include "baseload/api/crm_clients.hpp"
#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace baseload {

namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t most_doubts = 1000;  // rows in memory
constexpr unsigned most_creates = 5;       // of one row in one run
constexpr milliseconds until_room{50};
constexpr milliseconds until_twin_is_answered{200};
constexpr unsigned most_put_off = 20;

milliseconds now() {
    return boot_clock::now().time_since_epoch();
}

}  // namespace

doubt_desk::create_under_way::create_under_way(doubt_desk& desk, const client_fields& sent)
    : all_(desk.creates_), at_(all_->insert(all_->end(), sent)) {}

doubt_desk::create_under_way::~create_under_way() {
    all_->erase(at_);
}

doubt_desk::doubt_desk(asio::any_io_executor executor, journal& known, outcome_book& book, stop_request& wish,
                       run_summary& summary, milliseconds settling_time, resume_row resume)
    : executor_(std::move(executor)), journal_(known), book_(book), stop_(wish), summary_(summary),
      settling_time_(settling_time), resume_(std::move(resume)), inherited_(known.doubtful_keys()),
      // Whoever sent them has ended, since this run holds the journal; no clock tells when.
      inherited_settled_at_(now() + settling_time), wake_(executor_, asio::steady_timer::time_point::max()) {
    if (!inherited_.empty()) {
        spdlog::info("{} without an answer from an earlier run: looked up in {}", counted(inherited_.size(), "create"),
                     show_duration(settling_time_));
    }
}

asio::awaitable<void> doubt_desk::put(work_item item) {
    while (!item.was_in_doubt && doubts_.size() >= most_doubts && !stop_.requested()) {
        static_cast<void>(co_await stop_.sleep(until_room));
    }
    const bool is_inherited = item.creates_sent == 0;
    if (is_inherited) {
        met_.insert(item.key);
    }
    const milliseconds settled_at = is_inherited ? inherited_settled_at_ : now() + settling_time_;
    std::string key = item.key;
    doubts_.push_back({std::move(key), std::move(item), settled_at});
    wake_.cancel();
}

void doubt_desk::put_strays() {
    for (const std::string& key : inherited_) {
        if (!met_.contains(key)) {
            doubts_.push_back({key, std::nullopt, inherited_settled_at_});
        }
    }
    wake_.cancel();
}

void doubt_desk::close() {
    closed_ = true;
    wake_.cancel();
}

asio::awaitable<std::optional<doubt_desk::doubt>> doubt_desk::next() {
    while (doubts_.empty() && !closed_) {
        wake_.expires_at(asio::steady_timer::time_point::max());
        static_cast<void>(co_await wake_.async_wait(asio::as_tuple(asio::use_awaitable)));
    }
    if (doubts_.empty()) {
        co_return std::nullopt;
    }
    doubt first = std::move(doubts_.front());
    doubts_.pop_front();
    co_return first;
}

asio::awaitable<void> doubt_desk::serve(caller line) {
    for (;;) {
        std::optional<doubt> d = co_await next();
        if (!d) {
            co_return;
        }
        co_await settle(line, std::move(*d));
    }
}

asio::awaitable<void> doubt_desk::settle(caller& line, doubt d) {
    if (d.row && d.row->creates_sent >= most_creates) {
        hold(d, "it was sent again and again, and never answered; the next run goes on", {});
        co_return;
    }
    const std::optional<intent> sent = journal_.find_intent(d.key);
    const auto fields = sent ? read_client_fields(sent->parameters) : std::nullopt;
    if (!fields) {
        hold(d, "what was sent cannot be read back from the journal", {});
        co_return;
    }
    create_lookup search(*fields, d.settled_at);
    read_result<lookup_step> found = co_await look_up(line, search);
    while (found && found->what == lookup_step::kind::linked) {
        if (fits_another(d, search)) {
            put_off(std::move(d));
            co_return;
        }
        const linking linked = co_await link(line, d, *fields, found->clients.front());
        if (linked == linking::done) {
            break;
        }
        search.begin_again(now());
        found = co_await look_up(line, search);
    }
    if (!found) {
        hold(d, found.error(), {});
        co_return;
    }
    switch (found->what) {
    case lookup_step::kind::linked:
        spdlog::info("the create of {} had been carried out: it is client {}", in_quotes(d.key),
                     found->clients.front());
        ++summary_.found;
        if (d.row) {
            d.row->is_created = d.row->creates_sent > 0;
        }
        break;
    case lookup_step::kind::absent:
        spdlog::info("the create of {} had not been carried out", in_quotes(d.key));
        book_.withdraw(d.key);
        ++summary_.not_found;
        break;
    case lookup_step::kind::ambiguous:
        hold(d, "several clients of the account are as it was sent", found->clients);
        co_return;
    default: hold(d, "it has no text by which the account could be searched", {}); co_return;
    }
    if (d.row) {
        d.row->was_in_doubt = true;
        co_await resume_(line, std::move(*d.row));
    }
}

// Until those have been settled that the client it found fits better.
void doubt_desk::put_off(doubt d) {
    if (++d.put_off > most_put_off) {
        hold(d, "the client that it may be fits another create in doubt better", {});
        return;
    }
    d.settled_at = now() + until_twin_is_answered;
    doubts_.push_back(std::move(d));
}

// Whether a create is under way that may have made the client.
bool doubt_desk::is_under_way(const listed_client& client) const {
    return std::any_of(creates_->begin(), creates_->end(),
                       [&](const client_fields& sent) { return may_be(client, sent); });
}

// Whether the client shows more than this create sent, and another create in doubt sent that too.
bool doubt_desk::fits_another(const doubt& d, const create_lookup& search) {
    if (!shows_more(search.match(), search.sent())) {
        return false;
    }
    for (const std::string& key : journal_.doubtful_keys()) {
        const std::optional<intent> other = key == d.key ? std::nullopt : journal_.find_intent(key);
        const auto fields = other ? read_client_fields(other->parameters) : std::nullopt;
        if (fields && may_be(search.match(), *fields) && !shows_more(search.match(), *fields)) {
            return true;
        }
    }
    return false;
}

asio::awaitable<read_result<lookup_step>> doubt_desk::look_up(caller& line, create_lookup& search) {
    client_reader account(line);
    for (;;) {
        if (stop_.requested()) {
            co_return tl::unexpected(std::string("the run ended before it was looked up; the next one does it"));
        }
        const lookup_step next = search.next(now());
        switch (next.what) {
        case lookup_step::kind::wait: static_cast<void>(co_await stop_.sleep(next.wait)); break;
        case lookup_step::kind::ask: {
            const auto page = co_await account.list(search.search(), next.page);
            if (!page) {
                co_return tl::unexpected(
                    fmt::format("it could not be looked up ({}); the next run tries again", page.error()));
            }
            search.listed(*page, [&](std::int64_t id) { return journal_.key_of_client(id).has_value(); });
            break;
        }
        case lookup_step::kind::linked:
            // The client may be that of another create, whose answer is on its way.
            if (is_under_way(search.match())) {
                while (is_under_way(search.match()) && !stop_.requested()) {
                    static_cast<void>(co_await stop_.sleep(until_twin_is_answered));
                }
                search.begin_again(now());
                break;
            }
            co_return next;
        default: co_return next;
        }
    }
}

// Notes and extra fields are not listed: what the account does not show as it was sent is not
// written down as sent, and the row's new plan sends it.
asio::awaitable<doubt_desk::linking> doubt_desk::link(caller& line, const doubt& d, const client_fields& sent,
                                                      std::int64_t crm_client_id) {
    known_client client{.crm_client_id = crm_client_id, .record = {}, .sent = {}, .deleted = false};
    for (const client_field& field : sent) {
        client.sent.emplace(field.code, fingerprint_of_value(field.value));
    }
    if (d.row && d.row->creates_sent > 0) {
        const sent_fields& known_after = d.row->what.known_after;
        client.sent.insert(known_after.begin(), known_after.end());  // what is known to be blank, too
    }
    const bool has_unlisted =
        std::any_of(sent.begin(), sent.end(), [](const client_field& f) { return !is_listed(f.code); });
    if (has_unlisted) {
        client_reader account(line);
        const read_result<listed_client> there = co_await account.data(crm_client_id);
        const sent_fields equal = there ? confirmed(*there, sent) : sent_fields{};
        std::erase_if(client.sent,
                      [&](const auto& field) { return !is_listed(field.first) && !equal.contains(field.first); });
    }
    if (journal_.key_of_client(crm_client_id)) {
        co_return linking::taken;
    }
    co_await book_.linked(d.key, client);
    co_return linking::done;
}

void doubt_desk::hold(const doubt& d, const std::string& why, std::vector<std::int64_t> candidates) {
    book_.doubtful({.key = d.key, .line = d.row ? d.row->line : 0, .why = why, .candidates = std::move(candidates)});
}

}  // namespace baseload
