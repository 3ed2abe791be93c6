#include "row_sender.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/attached_file.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "baseload/session/account_check.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// Taken while it lives.
// Shared: a suspended coroutine may outlive the sender whose flag it holds.
class turn {
public:
    explicit turn(std::shared_ptr<bool> taken) : taken_(std::move(taken)) { *taken_ = true; }
    ~turn() { *taken_ = false; }
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;

private:
    std::shared_ptr<bool> taken_;
};

}  // namespace

asio::awaitable<row_sender::ending> row_sender::send(api_caller& api, work_item& item) {
    return item.plan.action == plan_action::create ? send_create(api, item) : send_update(api, item);
}

// The bytes of the files among what is to be sent.
// Read just before they are sent: files of up to 2 MB each do not wait in the queue.
result<file_bytes> row_sender::read_files(const work_item& item) const {
    file_bytes files;
    for (const client_field& field : item.plan.send) {
        const field_file* file = file_in(field.value);
        if (file == nullptr) {
            continue;
        }
        auto bytes = read_attached(*file);
        if (!bytes) {
            bytes.error().where = {places_.at(item.line).file, item.line, {}};
            return failure(std::move(bytes.error()));
        }
        files.emplace(field.code, std::move(*bytes));
    }
    return files;
}

// Its intent stands in the journal meanwhile, as that of any create which a person may have to decide on.
asio::awaitable<row_sender::ending> row_sender::look_up_first(work_item& item) {
    item.is_ahead = true;
    const api_call call = add_client(std::nullopt, item.plan.send);
    co_await recorder_.intend(item, call.parameters);
    co_return ending::in_doubt;
}

// Why an id that the service answered to a create is not to be believed; blank when nothing speaks against it.
asio::awaitable<std::string> row_sender::objection_to_id(api_caller& api, const work_item& item, std::int64_t id) {
    if (const auto owner = recorder_.other_owner(item.key, id)) {
        co_return fmt::format("the answer names client {}, which is that of {}", id, in_quotes(*owner));
    }
    const id_age age = recorder_.age_of(item.key, id);
    // The usual case costs no request.
    if (age == id_age::next) {
        co_return std::string{};
    }
    // Not one of the next ids, as far as is known: its client is held against what was sent.
    const auto there = co_await client_reader(api).find(id);
    // An account that cannot be asked is like a client that is not listed: an old id is doubted, since the answer may
    // be another request's; a new one is believed.
    const bool is_there = there && there->has_value();
    if (is_there ? may_be(**there, item.plan.send) : age != id_age::old) {
        co_return std::string{};
    }
    co_return fmt::format("the answer names client {}, which is not as it was sent", id);
}

// While no id is known, no create could be told from clients that were there before, should its answer be lost: so they
// leave one by one until there is one.
asio::awaitable<void> row_sender::wait_for_first_id() {
    constexpr std::chrono::milliseconds until_asked_again{20};
    while (*is_first_under_way_ && !memory_.newest_id() && !stop_.requested()) {
        static_cast<void>(co_await stop_.sleep(until_asked_again));
    }
}

asio::awaitable<row_sender::ending> row_sender::send_create(api_caller& api, work_item& item) {
    // Once a create: after a look-up, or once a person has said that the account does not have the client, it leaves.
    const std::string note = note_of_absence(item.key);
    const bool is_absent = job_.look_up_creates && !item.is_looked_up && !notes_.recalled(note).value_or("").empty();
    if (job_.look_up_creates && !item.is_looked_up && !is_absent) {
        co_return co_await look_up_first(item);
    }
    auto files = read_files(item);
    if (!files) {
        reject(item, std::move(files.error()));
        co_return ending::settled;
    }
    const api_call call = add_client(std::nullopt, item.plan.send, *files);
    // Files would make a journal of gigabytes, and no list shows them to compare with.
    const std::string without_files =
        files->empty() ? std::string{} : add_client(std::nullopt, item.plan.send).parameters;
    const std::string& intent = files->empty() ? call.parameters : without_files;
    create_hooks hooks;
    // By reference: what they name lives while this coroutine waits for make(), and they run only then.
    hooks.before_sending = [&] {
        // What a person said of the account was said of this create.
        if (is_absent) {
            notes_.remember(note, "");
        }
        return recorder_.intend(item, intent);
    };
    hooks.not_carried_out = [&] { recorder_.withdraw(item.key); };
    if (!memory_.newest_id()) {
        co_await wait_for_first_id();
    }
    // With an id known, each create has a flag of its own, and no other waits for it.
    const std::shared_ptr<bool> is_first = memory_.newest_id() ? std::make_shared<bool>() : is_first_under_way_;
    const turn mine(is_first);  // to the end: the answer's id is held against its client before it is known
    const creates_under_way::entry entry(under_way_, item.plan.send);
    const call_outcome outcome = co_await api.make(call, hooks);
    switch (outcome.how) {
    case call_outcome::ending::accepted: {
        const std::string objection = co_await objection_to_id(api, item, *outcome.answer.crm_client_id);
        if (objection.empty()) {
            recorder_.created(item, *outcome.answer.crm_client_id);
            break;
        }
        api.distrust();
        co_return in_doubt(item, objection);
    }
    case call_outcome::ending::refused: settle_refused(item, outcome.answer); break;
    case call_outcome::ending::in_doubt: co_return in_doubt(item, outcome.why);
    case call_outcome::ending::not_made: recorder_.not_reached(item.key); break;
    }
    co_return ending::settled;
}

row_sender::ending row_sender::in_doubt(work_item& item, const std::string& why) const {
    spdlog::info("{}: the create of {} has no answer of its own ({}); it is looked up in {}", places_.text(item.line),
                 in_quotes(item.key), why, show_duration(job_.account.settling_time));
    // The resolver gives a row up after some creates, and tells this run's from an inherited one by it.
    ++item.creates_sent;
    item.is_looked_up = true;
    return ending::in_doubt;
}

// A client that is gone has nothing to keep: the update finds that out.
asio::awaitable<bool> row_sender::back_up(api_caller& api, const work_item& item) {
    client_reader reader(api);
    const auto before = co_await reader.data(item.plan.crm_client_id);
    if (!before) {
        const result<bool> is_gone = co_await reader.is_gone(item.plan.crm_client_id);
        co_return is_gone.value_or(false);
    }
    // Only the fields of this update: `undo` gives back what the run has overwritten, and nothing else.
    const client_fields overwritten = shown_values(*before, item.plan.send);
    co_await recorder_.back_up(item, add_client(std::nullopt, overwritten).parameters);
    co_return true;
}

asio::awaitable<row_sender::ending> row_sender::send_update(api_caller& api, work_item& item) {
    auto files = read_files(item);
    if (!files) {
        reject(item, std::move(files.error()));
        co_return ending::settled;
    }
    const bool may_go = !job_.backup || co_await back_up(api, item);
    if (!may_go) {
        recorder_.not_reached(item.key);
        co_return ending::settled;
    }
    if (item.restores_status && !co_await keeps_given_status(api, item)) {
        std::erase_if(item.plan.send, [](const client_field& f) { return f.code == field_code::status_id; });
        item.plan.known_after.erase(field_code::status_id);
        recorder_.keep_status(item);
    }
    // The status was all that there was to send.
    if (item.plan.send.empty()) {
        recorder_.hash_refreshed(item);
        co_return ending::settled;
    }
    // Before the request leaves: a kill from here on leaves the fields unknown, and the next run sends them.
    co_await recorder_.unsettle(item);
    const api_call call = add_client(item.plan.crm_client_id, item.plan.send, *files);
    const create_hooks none;
    const call_outcome outcome = co_await api.make(call, none);
    switch (outcome.how) {
    case call_outcome::ending::accepted: {
        const std::int64_t answered = outcome.answer.crm_client_id.value_or(item.plan.crm_client_id);
        if (answered == item.plan.crm_client_id) {
            is_our_account_ = true;  // it took an update of a client that the journal knows
            recorder_.updated(item);
            break;
        }
        api.distrust();
        co_return co_await settle_foreign_answer(api, item, answered);
    }
    case call_outcome::ending::refused: co_return co_await settle_refused_update(api, item, outcome);
    default:
        // Else the fields stay unknown, and the backup stays for `undo`.
        if (!outcome.may_have_been_carried_out) {
            recorder_.reinstate(item);
            recorder_.not_overwritten(item);
        }
        recorder_.not_reached(item.key);
    }
    co_return ending::settled;
}

// Whether the client still has the status that [missing] gave it: what staff have changed since is theirs.
asio::awaitable<bool> row_sender::keeps_given_status(api_caller& api, const work_item& item) {
    const auto there = co_await client_reader(api).find(item.plan.crm_client_id);
    if (!there || !there->has_value()) {
        co_return true;  // the update finds out
    }
    const auto shown = (*there)->fields.find(field_code::status_id);
    co_return shown == (*there)->fields.end() || shown->second == std::to_string(job_.missing.status_id);
}

// The answer to an update names another client. Where the row's own is gone the service may have made a new one: that
// is a create in doubt, with its candidate. Else the answer was not the update's: what the fields are now is unknown,
// and the next run sends them.
asio::awaitable<row_sender::ending> row_sender::settle_foreign_answer(api_caller& api, const work_item& item,
                                                                      std::int64_t answered) {
    const std::int64_t mine = item.plan.crm_client_id;
    const result<bool> is_gone = co_await client_reader(api).is_gone(mine);
    const std::string why = fmt::format("the answer to the update of client {} names client {}", mine, answered);
    // An account that cannot be asked counts as "not gone": then nothing is made anew.
    if (!is_gone.value_or(false) || recorder_.other_owner(item.key, answered)) {
        recorder_.update_in_doubt(item, why + "; the next run sends it again");
        co_return ending::settled;
    }
    recorder_.client_is_gone(item);
    const api_call call = add_client(std::nullopt, item.plan.send);
    co_await recorder_.intend(item, call.parameters);
    recorder_.doubtful({.key = item.key,
                        .line = item.line,
                        .why = why + fmt::format(", and the account does not have client {} any more", mine),
                        .candidates = {answered}});
    co_return ending::settled;
}

asio::awaitable<row_sender::ending> row_sender::settle_refused_update(api_caller& api, work_item& item,
                                                                      const call_outcome& refused) {
    const result<bool> is_gone = co_await client_reader(api).is_gone(item.plan.crm_client_id);
    if (!is_gone.value_or(false)) {
        // An attempt before the refused one may have gone through unanswered: then nobody knows what the fields are.
        if (!refused.may_have_been_carried_out) {
            recorder_.reinstate(item);
            recorder_.not_overwritten(item);
        }
        settle_refused(item, refused.answer);
        co_return ending::settled;
    }
    // A client is taken for deleted only in the right account: with another's token all of them would be.
    const result<bool> is_ours = co_await is_our_account(api);
    if (!is_ours.value_or(false)) {
        recorder_.reinstate(item);
        recorder_.not_reached(item.key);
        co_return ending::settled;
    }
    if (job_.account.on_deleted == deleted_policy::recreate) {
        item.plan = decide(item.fields, item.record_hash, std::nullopt, {});
        if (item.plan.action == plan_action::create) {
            recorder_.client_is_gone(item);
            co_return co_await send_create(api, item);
        }
    }
    fault why{.code = fault_code::client_deleted,
              .where = {places_.at(item.line).file, item.line, {}},
              .found = {},
              .problem = fmt::format("the account does not have the row's client {} any more", item.plan.crm_client_id),
              .remedy =
                  "it is left alone from now on; to make it anew, set [account] on_deleted = \"recreate\", or run "
                  "with --retry-rejected once it is restored"};
    recorder_.deleted(item, std::move(why));
    co_return ending::settled;
}

// A client that is gone was deleted, unless the account has none of those that the journal knows: asked once a run.
asio::awaitable<result<bool>> row_sender::is_our_account(api_caller& api) {
    // Of one or two clients that are gone nobody can say more than that.
    constexpr std::size_t too_few = 3;
    if (is_our_account_ || memory_.sample_clients(too_few).size() < too_few) {
        co_return true;
    }
    result<bool> found = co_await has_our_clients(api, memory_);
    if (found && *found) {
        is_our_account_ = true;
    } else if (found) {
        stop_.request(
            exit_code::refused,
            "the account does not have the clients that the journal knows: it is most likely another account, "
            "and nobody was taken for deleted; put the right token where [account] token_env or token_file "
            "says. If they were all deleted in the panel, say --same-account");
    }
    co_return found;
}

void row_sender::reject(const work_item& item, fault why) {
    recorder_.rejected(item.key, {item.line, item.cells.cells(), {std::move(why)}});
}

void row_sender::settle_refused(const work_item& item, const verdict& answer) {
    fault why{.code = fault_code::refused_by_service,
              .where = {places_.at(item.line).file, item.line, {}},
              .found = {},
              .problem = "the service refused this row: " + answer.message,
              .remedy = "change the row and run again",
              .service_code = answer.code};
    recorder_.refused(item, std::move(why), answer);
}

}  // namespace baseload
