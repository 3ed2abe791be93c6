#include "baseload/plan/plan.hpp"

#include <algorithm>

namespace baseload {

plan_action action_for_new(const client_fields& fields) {
    const bool is_all_blank =
        std::all_of(fields.begin(), fields.end(), [](const client_field& field) { return is_blank(field.value); });
    return is_all_blank ? plan_action::reject : plan_action::create;
}

namespace {

// Blank fields are left out: a new client has none of them.
row_plan plan_create(const client_fields& fields) {
    row_plan p;
    p.send.reserve(fields.size());
    p.known_after.reserve(fields.size());
    for (const client_field& field : fields) {
        // Blank ones are known too: the new client has them blank, so the next run sends nothing for them.
        p.known_after.emplace_hint(p.known_after.end(), field.code, hash_of_value(field.value));
        if (!is_blank(field.value)) {
            p.send.push_back(field);
        }
    }
    p.action = action_for_new(fields);
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
        // Unknown is unlike blank: a field that the journal lacks (link, an update without an answer) is sent.
        if (before == client.sent.end() || before->second != now) {
            p.known_after.emplace(field.code, now);
            p.send.push_back(field);
        }
    }
    if (p.send.empty()) {
        // Another record with equal fields: its hash is written down, so that the next run need not map it.
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
    // Before all else: whatever the row says now, a second create could make a second client.
    if (entry && entry->in_doubt) {
        return plan_without_sending(plan_action::look_up);
    }
    // Only of the very record that was refused: another one may have put it right.
    if (entry && entry->refused && entry->refused->record_hash == record_hash && !options.retry_refused) {
        return plan_without_sending(plan_action::skip_refused);
    }
    if (!entry || !entry->client) {
        return plan_create(fields);
    }
    // As new: the deleted client's hashes say nothing about the one that is to be made.
    if (entry->client->deleted && options.recreate_deleted) {
        return plan_create(fields);
    }
    // retry_refused asks the account once more about a client that it did not have.
    if (entry->client->deleted && !options.retry_refused) {
        return plan_without_sending(plan_action::skip_deleted);
    }
    return plan_update(fields, record_hash, *entry->client);
}

}  // namespace baseload
