#include "baseload/plan/plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace baseload {
namespace {

// A field that was never sent and is blank now needs nothing: the account has none either.
bool needs_sending(const client_field& field, const sent_fields& sent) {
    const auto at = sent.find(field.code);
    return at == sent.end() ? !is_blank(field.value) : at->second != fingerprint_of_value(field.value);
}

client_fields to_send(const client_fields& fields, const sent_fields& sent) {
    client_fields changed;
    std::copy_if(fields.begin(), fields.end(), std::back_inserter(changed),
                 [&](const client_field& field) { return needs_sending(field, sent); });
    return changed;
}

} // namespace

plan decide(const client_fields& fields, const fingerprint& record, const std::optional<entry>& known,
            bool retry_refused) {
    if (known && known->in_doubt) {
        return {.what = action::hold, .crm_client_id = 0, .send = {}};
    }
    if (known && known->refused && known->refused->record == record && !retry_refused) {
        return {.what = action::stay_refused, .crm_client_id = 0, .send = {}};
    }
    if (!known || !known->client) {
        client_fields send = to_send(fields, {});
        const action what = send.empty() ? action::reject : action::create;
        return {.what = what, .crm_client_id = 0, .send = std::move(send)};
    }
    const known_client& client = *known->client;
    plan p{.what = action::update, .crm_client_id = client.crm_client_id, .send = to_send(fields, client.sent)};
    if (p.send.empty()) {
        p.what = client.record == record ? action::nothing : action::note;
    }
    return p;
}

} // namespace baseload
