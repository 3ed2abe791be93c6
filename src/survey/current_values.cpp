#include "baseload/survey/current_values.hpp"

#include "baseload/config/token.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/session/account_session.hpp"
#include "baseload/session/client_reader.hpp"

namespace baseload {
namespace {

using values_by_id = std::map<std::int64_t, client_fields>;

boost::asio::awaitable<values_by_id> read_values(account_session& session, const std::vector<planned_change>& updates) {
    api_caller api = session.new_caller();
    client_reader reader(api);
    values_by_id values;
    for (const planned_change& update : updates) {
        const result<listed_client> client = co_await reader.data(update.crm_client_id);
        // A client that could not be read because of a stop is not the same as one that the account does not have.
        if (session.stop().requested()) {
            break;
        }
        if (client) {
            values.emplace(update.crm_client_id, shown_values(*client, update.send));
        }
    }
    co_return values;
}

}  // namespace

std::map<std::int64_t, client_fields> current_values(const settings& job, const std::vector<planned_change>& updates) {
    account_session session(job, read_token(job.account));
    values_by_id values = session.run(read_values(session, updates));
    // A part of the values is not shown: what is missing would look as if the account had nothing there.
    session.throw_if_stopped();
    return values;
}

}  // namespace baseload
