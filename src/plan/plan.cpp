#include "baseload/plan/plan.hpp"

namespace baseload {
namespace {

// Blank fields are left out: a new client has none of them.
plan plan_create(const client_fields& fields) {
    plan p;
    for (const client_field& field : fields) {
        p.known_after.emplace(field.code, fingerprint_of_value(field.value));
        if (!is_blank(field.value)) {
            p.send.push_back(field);
        }
    }
    p.what = p.send.empty() ? action::reject : action::create;
    return p;
}

// A blank field that was never sent is sent: staff may have filled it in.
plan plan_update(const client_fields& fields, const fingerprint& record, const known_client& client) {
    plan p{.what = action::update, .crm_client_id = client.crm_client_id, .send = {}, .known_after = {}};
    for (const client_field& field : fields) {
        const fingerprint now = fingerprint_of_value(field.value);
        const auto before = client.sent.find(field.code);
        if (before == client.sent.end() || before->second != now) {
            p.known_after.emplace(field.code, now);
            p.send.push_back(field);
        }
    }
    if (p.send.empty()) {
        p.what = client.record == record ? action::nothing : action::note;
    }
    return p;
}

plan plan_without_sending(action what) {
    plan p;
    p.what = what;
    return p;
}

}  // namespace

plan decide(const client_fields& fields, const fingerprint& record, const std::optional<entry>& known,
            const plan_options& options) {
    if (known && known->in_doubt) {
        return plan_without_sending(action::hold);
    }
    if (known && known->refused && known->refused->record == record && !options.retry_refused) {
        return plan_without_sending(action::stay_refused);
    }
    if (!known || !known->client) {
        return plan_create(fields);
    }
    if (known->client->deleted && options.recreate_deleted) {
        return plan_create(fields);
    }
    if (known->client->deleted && !options.retry_refused) {
        return plan_without_sending(action::leave);
    }
    return plan_update(fields, record, *known->client);
}

}  // namespace baseload
