#include "baseload/maintenance/audit.hpp"

#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/plan/loose_text.hpp"
#include "baseload/session/client_reader.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/job_session.hpp"
#include "baseload/session/name_lookup.hpp"
#include "baseload/survey/mapped_source.hpp"
#include "baseload/survey/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <set>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// Signals come in between them; mapping so many rows takes less than people notice.

// The texts by which a double is told.
constexpr std::array<field_code, 3> telling_fields = {field_code::email, field_code::invoice_tax_id, field_code::login};

struct shown_value {
    field_code code{};
    std::string text;
};

// What the account shows, held against the journal page by page; then the source, row by row.
class auditor {
public:
    auditor(journal& j, const audit_options& options, audit_summary& summary, std::shared_ptr<const line_places> places,
            const std::function<void(const audit_finding&)>& found)
        : journal_(j), options_(options), summary_(summary), places_(std::move(places)), found_(found) {}

    // Returns whether the page brought anything new.
    bool add_clients(const std::vector<listed_client>& page) {
        bool has_new = false;
        for (const listed_client& client : page) {
            if (there_.insert(client.crm_client_id).second) {
                has_new = true;
                ++summary_.clients;
                add_client(client);
            }
        }
        return has_new;
    }

    void add_row(const mapped_source& mapped, const record& row) {
        ++summary_.rows;
        if (!mapped.map().check_shape(row).empty()) {
            tell({.kind = audit_kind::faulty, .line = row.line, .note = "its shape or its key is wrong"});
            return;
        }
        if (mapped.map().skips(row)) {
            return;  // the job leaves it out, and its client as it is
        }
        const std::string key = mapped.map().key_of(row);
        const mapped_record values = mapped.map().map(row);
        if (key.empty() || !values.faults.empty()) {
            tell({.kind = audit_kind::faulty, .key = key, .line = row.line, .note = "baseload check says why"});
            return;
        }
        // Keys by their hash, 16 bytes each, so that a source of millions of rows fits into memory.
        if (!keys_.insert(key_hash(key)).second) {
            return;  // a repeat, or a conflict, which check names
        }
        const std::optional<journal_entry> entry = journal_.find(key);
        if (!entry || !entry->client) {
            tell({.kind = audit_kind::no_client, .key = key, .line = row.line, .note = why_without(entry)});
            return;
        }
        compare(key, row.line, values.fields, *entry->client);
    }

    // After the source: what no row was about.
    // Precondition: the whole account and the whole source were read. Otherwise clients that were merely not read yet
    // would be called gone, and the journal would be told so.
    void finish() {
        // Collected first and told below: what each_entry reads must not change meanwhile.
        journal_.each_entry([&](const exported_entry& e) {
            if (e.state == "linked" && !there_.contains(*e.crm_client_id)) {
                gone_.emplace_back(e.key, *e.crm_client_id);
            }
        });
        for (const auto& [key, id] : gone_) {
            const auto line = gone_lines_.find(id);
            tell({.kind = audit_kind::gone,
                  .key = key,
                  .line = line == gone_lines_.end() ? 0 : line->second,
                  .crm_client_id = id,
                  // With --fix-journal the next run treats the row as [account] on_deleted says.
                  .note = "the account does not have it"});
            record([&, gone = key] { journal_.deleted(gone, wall_now()); });
        }
        name_doubles();
        for (const auto& [id, text] : unknown_) {
            tell({.kind = audit_kind::unknown, .crm_client_id = id, .theirs = text});
        }
        // One commit at the very end: what a stopped audit has recorded by then is rolled back (job_session's
        // destructor).
        if (options_.fix_journal) {
            journal_.commit();
        }
    }

private:
    static std::string why_without(const std::optional<journal_entry>& entry) {
        return entry && entry->in_doubt  ? "its create is in doubt"
               : entry && entry->refused ? "the service refused it: " + entry->refused->message
                                         : "it was not sent yet; a run that holds it back says why";
    }

    void tell(audit_finding finding) {
        ++summary_.counts.at(static_cast<std::size_t>(finding.kind));
        if (finding.line > 0 && !places_->are_of_one_file()) {
            source_line own = places_->at(finding.line);
            finding.line = own.line;
            finding.file = std::move(own.file);
        }
        found_(finding);
    }

    // Counted, but not durable yet: finish() commits.
    template <class Change>
    void record(Change&& change) {
        if (options_.fix_journal) {
            change();
            ++summary_.recorded;
        }
    }

    void add_client(const listed_client& client) {
        const std::optional<std::string> key = journal_.key_of_client(client.crm_client_id);
        // For every client, known or not, as a double is a pair of both.
        remember_telling(client, key.has_value());
        if (!key) {
            std::string text;
            for (const field_code code :
                 {field_code::login, field_code::email, field_code::invoice_company, field_code::invoice_fullname}) {
                const auto shown = client.fields.find(code);
                text += shown == client.fields.end() || shown->second.empty()
                            ? ""
                            : (text.empty() ? "" : ", ") + shown->second;
            }
            unknown_.emplace(client.crm_client_id, std::move(text));
            return;
        }
        ++summary_.known;
        // There is an entry: key_of_client() has just found the client in it.
        const std::optional<journal_entry> entry = journal_.find(*key);
        const sent_fields shown = shown_fields(client);
        // Only fingerprints of what was sent are known, so a field differs here as soon as a letter does. compare()
        // looks at the texts, which the source has.
        for (const auto& [code, sent] : entry->client->sent) {
            const auto now = shown.find(code);
            if (now != shown.end() && now->second != sent) {
                differing_[client.crm_client_id].push_back({code, client.fields.at(code)});
            }
        }
    }

    void remember_telling(const listed_client& client, bool is_known) {
        for (const field_code code : telling_fields) {
            // As `link` compares: without case and white space. A blank text makes no double.
            const auto text = match_text(client, {code});
            if (text) {
                auto& same = telling_[fingerprint_of(*text)];
                (is_known ? same.known : same.unknown).push_back(client.crm_client_id);
                same.field = code;
            }
        }
    }

    void compare(const std::string& key, std::uint64_t line, const client_fields& fields, const known_client& client) {
        if (!there_.contains(client.crm_client_id)) {
            // gone_ names clients that the journal holds for present; its own deleted ones are only named when a row
            // asks for them.
            gone_lines_[client.crm_client_id] = line;
            if (client.deleted) {
                gone_.emplace_back(key, client.crm_client_id);
            }
            return;
        }
        bool is_in_step = true;
        const std::vector<shown_value>& shown = differing_[client.crm_client_id];
        for (const client_field& field : fields) {
            const auto sent = client.sent.find(field.code);
            const bool is_as_sent = sent != client.sent.end() && sent->second == hash_of_value(field.value);
            const auto theirs =
                std::find_if(shown.begin(), shown.end(), [&](const shown_value& v) { return v.code == field.code; });
            const bool is_shown_as_ours =
                theirs != shown.end() && loosely_equal(field.code, theirs->text, text_of(field.value));
            // In step: the account has the source's value, even if it was never sent; or it was sent, and nobody has
            // changed it.
            if (is_shown_as_ours || (is_as_sent && theirs == shown.end())) {
                continue;
            }
            is_in_step = false;
            tell({.kind = is_as_sent ? audit_kind::edited : audit_kind::not_sent,
                  .key = key,
                  .line = line,
                  .crm_client_id = client.crm_client_id,
                  .field = field_name(field.code),
                  .ours = text_of(field.value),
                  .theirs = theirs == shown.end() ? std::string{} : theirs->text});
            // Then `theirs` is set: as sent and not shown otherwise was in step above.
            if (is_as_sent) {
                record([&] { write_edit(key, client, *theirs); });
            }
        }
        summary_.rows_in_step += is_in_step ? 1 : 0;
    }

    // The record stays as it is: nothing is sent until the row changes.
    // The row's hash stays, so the edit stands: the field leaves again only if the row changes and the field with it.
    void write_edit(const std::string& key, const known_client& client, const shown_value& shown) {
        const sent_fields seen = shown_fields({client.crm_client_id, {{shown.code, shown.text}}});
        journal_.updated(key, {.crm_client_id = client.crm_client_id, .record_hash = client.record_hash, .sent = seen},
                         wall_now());
    }

    void name_doubles() {
        std::set<std::pair<std::int64_t, std::int64_t>> named;
        for (const auto& [hash, same] : telling_) {
            for (const std::int64_t other : same.unknown) {
                // Two unknown clients are nothing that baseload has made, and two known ones are two rows of the
                // source.
                if (!same.known.empty() && named.emplace(same.known.front(), other).second) {
                    tell({.kind = audit_kind::twice,
                          .key = journal_.key_of_client(same.known.front()).value_or(std::string{}),
                          .crm_client_id = same.known.front(),
                          .other_id = other,
                          .field = field_name(same.field)});
                }
            }
        }
    }

    struct same_text {
        field_code field{};
        std::vector<std::int64_t> known;
        std::vector<std::int64_t> unknown;
    };

    journal& journal_;
    const audit_options& options_;
    audit_summary& summary_;
    std::shared_ptr<const line_places> places_;
    const std::function<void(const audit_finding&)>& found_;
    std::set<std::int64_t> there_;
    std::map<std::int64_t, std::string> unknown_;  // what they are called
    std::map<std::int64_t, std::vector<shown_value>>
        differing_;  // of known clients: fields that are not as they were sent
    std::map<fingerprint, same_text> telling_;
    std::set<fingerprint> keys_;
    std::vector<std::pair<std::string, std::int64_t>> gone_;
    std::map<std::int64_t, std::uint64_t> gone_lines_;
};

asio::awaitable<void> read_account(account_session& session, auditor& audit) {
    api_caller api = session.new_caller();
    client_reader reader(api);
    const result<void> read =
        co_await reader.each_page([&](const std::vector<listed_client>& page) { return audit.add_clients(page); });
    if (!read) {
        session.stop().request(exit_code::stopped, read.error().problem);
    }
}

}  // namespace

std::string_view name_of(audit_kind kind) {
    constexpr std::array<std::string_view, audit_kinds> names = {"no_client", "faulty", "gone",   "not_sent",
                                                                 "edited",    "twice",  "unknown"};
    return names.at(static_cast<std::size_t>(kind));
}

audit_summary audit_account(const settings& given, const audit_options& options,
                            const std::function<void(const audit_finding&)>& found) {
    job_session opened(given, {.same_account = options.same_account});
    // The journal is open as for a run, and no run can change it meanwhile.
    account_session& session = opened.account();
    // Before the journal's ids are compared with the account's: of another account every one would be gone.
    opened.confirm_account();
    session.throw_if_stopped();
    const mapped_source mapped(given, [&](const settings& job) {
        return resolved_job{look_up_names(job, session, opened.memory()), session.health().requests()};
    });
    audit_summary summary;
    auditor audit(opened.memory(), options, summary, mapped.source().places(), found);
    // The account before the source, so that clients made between the two are none of the findings' gone ones.
    session.run(read_account(session, audit));
    if (!session.stop().requested()) {
        const auto reader = mapped.source().read();
        record row;
        while (reader->next(row) && (summary.rows % rows_between_questions != 0 || session.keep_going())) {
            audit.add_row(mapped, row);
        }
    }
    if (!session.stop().requested()) {
        audit.finish();
    }
    summary.requests = session.health().requests();
    summary.stopped_because = session.stop().reason();
    std::uint64_t disagreements = 0;
    for (std::size_t kind = 0; kind < audit_kinds; ++kind) {
        // Clients that staff have made are no disagreement.
        disagreements += static_cast<audit_kind>(kind) == audit_kind::unknown ? 0 : summary.counts.at(kind);
    }
    summary.code = session.stop().requested() ? session.stop().code()
                   : disagreements == 0       ? exit_code::success
                                              : exit_code::incomplete;
    return summary;
}

}  // namespace baseload
