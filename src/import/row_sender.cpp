#include "row_sender.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/attached_file.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <utility>

namespace baseload {

namespace asio = boost::asio;

asio::awaitable<std::optional<work_item>> row_sender::send(api_caller& api, work_item item) {
    // Two returns: GCC 12 destroys a conditional's temporaries twice inside a co_await.
    if (item.plan.action == plan_action::create) {
        co_return co_await send_create(api, std::move(item));
    }
    co_return co_await send_update(api, std::move(item));
}

// The bytes of the files among what is to be sent.
result<file_bytes> row_sender::read_files(const work_item& item) const {
    file_bytes files;
    for (const client_field& field : item.plan.send) {
        const auto* file = std::get_if<field_file>(&field.value);
        if (file == nullptr) {
            continue;
        }
        auto bytes = read_attached(*file);
        if (!bytes) {
            bytes.error().where = {source_, item.line, {}};
            return failure(std::move(bytes.error()));
        }
        files.emplace(field.code, std::move(*bytes));
    }
    return files;
}

asio::awaitable<std::optional<work_item>> row_sender::send_create(api_caller& api, work_item item) {
    auto files = read_files(item);
    if (!files) {
        reject(std::move(item), std::move(files.error()));
        co_return std::nullopt;
    }
    const api_call call = add_client(std::nullopt, item.plan.send, *files);
    // Files would make a journal of gigabytes, and no list shows them to compare with.
    const std::string intent = files->empty() ? call.parameters : add_client(std::nullopt, item.plan.send).parameters;
    create_hooks hooks;
    hooks.before_sending = [&] { return recorder_.intend(item, intent); };
    hooks.not_carried_out = [&] { recorder_.withdraw(item.key); };
    const creates_under_way::entry entry(under_way_, item.plan.send);
    const call_outcome outcome = co_await api.make(call, std::move(hooks));
    switch (outcome.how) {
    case call_outcome::ending::accepted: recorder_.created(item, *outcome.answer.crm_client_id); break;
    case call_outcome::ending::refused: settle_refused(std::move(item), outcome.answer); break;
    case call_outcome::ending::in_doubt:
        spdlog::info("{}, line {}: the create of {} has no answer ({}); it is looked up in {}", source_, item.line,
                     in_quotes(item.key), outcome.why, show_duration(job_.account.settling_time));
        ++item.creates_sent;
        co_return std::move(item);
    case call_outcome::ending::not_made: recorder_.not_reached(item.key); break;
    }
    co_return std::nullopt;
}

// A client that is gone has nothing to keep: the update finds that out.
asio::awaitable<bool> row_sender::back_up(api_caller& api, const work_item& item) {
    client_reader reader(api);
    const auto before = co_await reader.data(item.plan.crm_client_id);
    if (!before) {
        const result<bool> is_gone = co_await reader.is_gone(item.plan.crm_client_id);
        co_return is_gone.value_or(false);
    }
    const client_fields overwritten = shown_values(*before, item.plan.send);
    co_await recorder_.back_up(item, add_client(std::nullopt, overwritten).parameters);
    co_return true;
}

asio::awaitable<std::optional<work_item>> row_sender::send_update(api_caller& api, work_item item) {
    auto files = read_files(item);
    if (!files) {
        reject(std::move(item), std::move(files.error()));
        co_return std::nullopt;
    }
    const bool may_go = !job_.backup || co_await back_up(api, item);
    if (!may_go) {
        recorder_.not_reached(item.key);
        co_return std::nullopt;
    }
    const call_outcome outcome = co_await api.make(add_client(item.plan.crm_client_id, item.plan.send, *files), {});
    switch (outcome.how) {
    case call_outcome::ending::accepted:
        // Should the service make a new client in place of one that is gone, that is the row's.
        item.plan.crm_client_id = outcome.answer.crm_client_id.value_or(item.plan.crm_client_id);
        recorder_.updated(item);
        break;
    case call_outcome::ending::refused: co_return co_await settle_refused_update(api, std::move(item), outcome.answer);
    case call_outcome::ending::not_made:
        recorder_.not_overwritten(item);
        recorder_.not_reached(item.key);
        break;
    default: recorder_.not_reached(item.key); break;
    }
    co_return std::nullopt;
}

asio::awaitable<std::optional<work_item>> row_sender::settle_refused_update(api_caller& api, work_item item,
                                                                            verdict answer) {
    const result<bool> is_gone = co_await client_reader(api).is_gone(item.plan.crm_client_id);
    if (!is_gone.value_or(false)) {
        recorder_.not_overwritten(item);
        settle_refused(std::move(item), answer);
        co_return std::nullopt;
    }
    if (job_.account.on_deleted == deleted_policy::recreate) {
        item.plan = decide(item.fields, item.record_hash, std::nullopt, {});
        if (item.plan.action == plan_action::create) {
            recorder_.client_is_gone(item);
            co_return co_await send_create(api, std::move(item));
        }
    }
    fault why{.code = fault_code::client_deleted,
              .where = {source_, item.line, {}},
              .found = {},
              .problem = fmt::format("the account does not have the row's client {} any more", item.plan.crm_client_id),
              .remedy =
                  "it is left alone from now on; to make it anew, set [account] on_deleted = \"recreate\", or run "
                  "with --retry-rejected once it is restored"};
    recorder_.deleted(std::move(item), std::move(why));
    co_return std::nullopt;
}

void row_sender::reject(work_item item, fault why) {
    recorder_.rejected(item.key, {item.line, std::move(item.cells), {std::move(why)}});
}

void row_sender::settle_refused(work_item item, const verdict& answer) {
    fault why{.code = fault_code::refused_by_service,
              .where = {source_, item.line, {}},
              .found = {},
              .problem = "the service refused this row: " + answer.message,
              .remedy = "change the row and run again",
              .service_code = answer.code};
    recorder_.refused(std::move(item), std::move(why), answer);
}

}  // namespace baseload
