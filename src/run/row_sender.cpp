#include "row_sender.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/mapping/attached_file.hpp"
#include "baseload/plan/client_match.hpp"
#include "client_reader.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

asio::awaitable<void> row_sender::send(caller& line, work_item item) {
    if (item.what.what == action::create) {
        co_await send_create(line, std::move(item));
    } else {
        co_await send_update(line, std::move(item));
    }
}

// The bytes of the files among what is to be sent; without them the row is rejected.
std::optional<file_bytes> row_sender::read_files(work_item& item) {
    file_bytes files;
    for (const client_field& field : item.what.send) {
        const auto* file = std::get_if<field_file>(&field.value);
        if (file == nullptr) {
            continue;
        }
        auto bytes = read_attached(*file);
        if (!bytes) {
            bytes.error().where = {parts_.source.name(), item.line, {}};
            book_.rejected(item.key, {item.line, std::move(item.cells), {std::move(bytes.error())}});
            return std::nullopt;
        }
        files.emplace(field.code, std::move(*bytes));
    }
    return files;
}

asio::awaitable<void> row_sender::send_create(caller& line, work_item item) {
    const auto files = read_files(item);
    if (!files) {
        co_return;
    }
    const api_call call = add_client(std::nullopt, item.what.send, *files);
    // Files would make a journal of gigabytes, and no list shows them to compare with.
    const std::string intent = files->empty() ? call.parameters : add_client(std::nullopt, item.what.send).parameters;
    create_hooks hooks;
    hooks.before_sending = [&] { return book_.intend(item, intent); };
    hooks.not_carried_out = [&] { book_.withdraw(item.key); };
    std::optional<doubt_desk::create_under_way> under_way(std::in_place, desk_, item.what.send);
    const call_outcome came = co_await line.make(call, std::move(hooks));
    switch (came.how) {
    case call_outcome::ending::accepted: book_.created(item, *came.answer.crm_client_id); break;
    case call_outcome::ending::refused: settle_refused(std::move(item), came.answer); break;
    case call_outcome::ending::in_doubt:
        spdlog::info("{}, line {}: the create of {} has no answer ({}); it is looked up in {}", parts_.source.name(),
                     item.line, in_quotes(item.key), came.why, show_duration(parts_.job.account.settling_time));
        ++item.creates_sent;
        under_way.reset();  // the desk may be full, and wait for this very answer
        co_await desk_.put(std::move(item));
        break;
    case call_outcome::ending::not_made: book_.not_reached(item.key); break;
    }
}

// Reads what an update overwrites, and puts it on disk. False when that cannot be done, and the
// update must not go. A client that is gone has nothing to keep: the update tells.
asio::awaitable<bool> row_sender::back_up(caller& line, const work_item& item) {
    client_reader account(line);
    const auto before = co_await account.data(item.what.crm_client_id);
    if (!before) {
        const auto there = co_await account.find(item.what.crm_client_id);
        co_return there && !there->has_value();
    }
    const client_fields overwritten = shown_values(*before, item.what.send);
    co_await book_.back_up(item, add_client(std::nullopt, overwritten).parameters);
    co_return true;
}

asio::awaitable<void> row_sender::send_update(caller& line, work_item item) {
    const auto files = read_files(item);
    if (!files) {
        co_return;
    }
    const bool may_go = !parts_.job.backup || co_await back_up(line, item);
    if (!may_go) {
        book_.not_reached(item.key);
        co_return;
    }
    const call_outcome came = co_await line.make(add_client(item.what.crm_client_id, item.what.send, *files), {});
    switch (came.how) {
    case call_outcome::ending::accepted:
        // Should the service make a new client in place of one that is gone, that is the row's.
        item.what.crm_client_id = came.answer.crm_client_id.value_or(item.what.crm_client_id);
        book_.updated(item);
        break;
    case call_outcome::ending::refused: co_await settle_refused_update(line, std::move(item), came.answer); break;
    case call_outcome::ending::not_made:
        book_.not_overwritten(item);
        book_.not_reached(item.key);
        break;
    default: book_.not_reached(item.key); break;
    }
}

// What the service answers for a client that was deleted is documented nowhere (API.md), but
// whether it has the client can be asked.
asio::awaitable<void> row_sender::settle_refused_update(caller& line, work_item item, const verdict& answer) {
    const auto there = co_await client_reader(line).find(item.what.crm_client_id);
    const bool is_gone = there && !there->has_value();
    if (!is_gone) {
        book_.not_overwritten(item);
        settle_refused(std::move(item), answer);
        co_return;
    }
    if (parts_.job.account.on_deleted == deleted_policy::recreate) {
        item.what = decide(item.fields, item.record, std::nullopt, {});
        if (item.what.what == action::create) {
            book_.client_is_gone(item);
            co_await send_create(line, std::move(item));
            co_return;
        }
    }
    fault why{.code = "client_deleted",
              .where = {parts_.source.name(), item.line, {}},
              .found = {},
              .problem = fmt::format("the account does not have the row's client {} any more", item.what.crm_client_id),
              .remedy =
                  "it is left alone from now on; to make it anew, set [account] on_deleted = \"recreate\", or run "
                  "with --retry-rejected once it is restored"};
    book_.deleted(std::move(item), std::move(why));
}

// Of a doubt that is settled.
asio::awaitable<void> row_sender::resume(caller& line, work_item item) {
    std::optional<work_item> work = sorter_.plan_anew(std::move(item));
    if (work) {
        co_await send(line, std::move(*work));
    }
}

void row_sender::settle_refused(work_item item, const verdict& answer) {
    fault why{.code = answer.code,
              .where = {parts_.source.name(), item.line, {}},
              .found = {},
              .problem = "the service refused this row: " + answer.message,
              .remedy = "change the row and run again"};
    book_.refused(std::move(item), std::move(why), answer);
}

}  // namespace baseload
