#include "baseload/run/current_values.hpp"

#include "account_session.hpp"
#include "baseload/config/token.hpp"
#include "baseload/plan/client_match.hpp"
#include "client_reader.hpp"

namespace baseload {
namespace {

boost::asio::awaitable<void> read_values(account_session& account, const std::vector<planned_change>& updates,
                                         std::map<std::int64_t, client_fields>& into) {
    caller line = account.new_caller();
    client_reader reader(line);
    for (const planned_change& update : updates) {
        const read_result<listed_client> client = co_await reader.data(update.crm_client_id);
        if (account.wish().requested()) {
            co_return;
        }
        if (client) {
            into.emplace(update.crm_client_id, shown_values(*client, update.send));
        }
    }
}

}  // namespace

std::map<std::int64_t, client_fields> current_values(const settings& job, const std::vector<planned_change>& updates) {
    account_session account(job, read_token(job.account));
    std::map<std::int64_t, client_fields> values;
    account.run(read_values(account, updates, values));
    account.throw_if_stopped();
    return values;
}

}  // namespace baseload
