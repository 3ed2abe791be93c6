#include "baseload/plan/plan.hpp"

namespace baseload {
namespace {

// Blank fields are left out: a new client has none of them.
row_plan plan_create(const client_fields& fields) {
    row_plan p;
    for (const client_field& field : fields) {
        p.known_after.emplace(field.code, hash_of_value(field.value));
        if (!is_blank(field.value)) {
            p.send.push_back(field);
        }
    }
    p.action = p.send.empty() ? plan_action::reject : plan_action::create;
    return p;
}

// A blank field that was never sent is sent: staff may have filled it in.
row_plan plan_update(const client_fields& fields, content_hash record_hash, const known_client& client) {
    row_plan p{.action = plan_action::update,
               .crm_client_id = client.crm_client_id,
               .send = {},
               .known_after = {},
               .sent_before = client.sent,
               .hash_before = client.record_hash};
    for (const client_field& field : fields) {
        const content_hash now = hash_of_value(field.value);
        const auto before = client.sent.find(field.code);
        if (before == client.sent.end() || before->second != now) {
            p.known_after.emplace(field.code, now);
            p.send.push_back(field);
        }
    }
    if (p.send.empty()) {
        p.action = client.record_hash == record_hash ? plan_action::nothing : plan_action::refresh_hash;
    }
    return p;
}

row_plan plan_without_sending(plan_action action) {
    row_plan p;
    p.action = action;
    return p;
}

}  // namespace

row_plan decide(const client_fields& fields, content_hash record_hash, const std::optional<journal_entry>& entry,
                const plan_options& options) {
    if (entry && entry->in_doubt) {
        return plan_without_sending(plan_action::look_up);
    }
    if (entry && entry->refused && entry->refused->record_hash == record_hash && !options.retry_refused) {
        return plan_without_sending(plan_action::skip_refused);
    }
    if (!entry || !entry->client) {
        return plan_create(fields);
    }
    if (entry->client->deleted && options.recreate_deleted) {
        return plan_create(fields);
    }
    if (entry->client->deleted && !options.retry_refused) {
        return plan_without_sending(plan_action::skip_deleted);
    }
    return plan_update(fields, record_hash, *entry->client);
}

}  // namespace baseload
