#include "baseload/maintenance/link.hpp"

#include "baseload/api/crm_clients.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/wall_clock.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/plan/create_lookup.hpp"
#include "baseload/session/client_reader.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/job_session.hpp"
#include "baseload/session/name_lookup.hpp"
#include "baseload/source/csv/id_list.hpp"
#include "baseload/survey/mapped_source.hpp"
#include "baseload/survey/question.hpp"
#include "journal_succession.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

constexpr std::size_t max_named_ambiguities = 100;

// The rows and the clients of one text, which is kept for messages alone.
struct match_group {
    std::string text;
    std::vector<std::pair<std::uint64_t, std::string>> rows;  // line and key
    std::vector<std::int64_t> clients;
    std::vector<std::uint64_t> doubtful;  // lines of rows in doubt, which may have become one of the clients
    sent_fields shown;                    // by the first client
};

class linker {
public:
    linker(std::vector<field_code> fields, journal& j, link_summary& summary)
        : fields_(std::move(fields)), journal_(j), summary_(summary) {}

    // Every row that has no client yet, by what it should match.
    // Before the account is read: a source without a single row to match costs no request.
    void read_rows(const mapped_source& mapped, const std::function<bool()>& keep_going) {
        const auto reader = mapped.source().read();
        record row;
        while (reader->next(row)) {
            if (summary_.rows % rows_between_questions == 0 && !keep_going()) {
                return;
            }
            ++summary_.rows;
            add_row(mapped.map(), row);
        }
    }

    // Whether there is a row to find a client for.
    [[nodiscard]] bool has_rows() const {
        return std::any_of(groups_.begin(), groups_.end(), [](const auto& g) { return !g.second.rows.empty(); });
    }

    [[nodiscard]] std::uint64_t clients() const { return summary_.clients; }

    // Returns whether there may be more.
    bool add_clients(const std::vector<listed_client>& page) {
        bool has_new = false;
        for (const listed_client& client : page) {
            if (!seen_.insert(client.crm_client_id).second) {
                continue;
            }
            has_new = true;
            ++summary_.clients;
            const auto text = match_text(client, fields_);
            const auto group = text ? groups_.find(fingerprint_of(*text)) : groups_.end();
            // A client that is another key's cannot be this row's, and does not make it ambiguous.
            if (group == groups_.end() || journal_.key_of_client(client.crm_client_id)) {
                continue;
            }
            // The first is enough: with a second one the group links nothing.
            if (group->second.clients.empty()) {
                group->second.shown = shown_fields(client);
            }
            group->second.clients.push_back(client.crm_client_id);
        }
        return has_new;  // pages may have any size
    }

    // Of the clients, those that link() will give to a row.
    [[nodiscard]] std::vector<std::int64_t> clients_to_link() const {
        std::vector<std::int64_t> ids;
        for (const auto& [hash, group] : groups_) {
            if (is_clear(group)) {
                ids.push_back(group.clients.front());
            }
        }
        return ids;
    }

    void link() {
        for (const auto& [hash, group] : groups_) {
            if (group.rows.empty()) {
                continue;
            }
            if (group.clients.empty()) {
                summary_.unmatched += group.rows.size();
            } else if (is_clear(group)) {
                journal_.linked(group.rows.front().second,
                                // Without a record hash the row counts as changed: the next run compares it field by
                                // field and sends what differs.
                                {.crm_client_id = group.clients.front(), .record_hash = {}, .sent = group.shown},
                                wall_now());
                ++summary_.linked;
            } else {
                add_ambiguity(group);
            }
        }
        // All links or none: a link that was stopped before leaves the journal as it was.
        journal_.commit();
    }

private:
    // One row and one client, and nobody else who could be meant. Everything else is for a person.
    [[nodiscard]] bool is_clear(const match_group& group) const {
        return group.clients.size() == 1 && group.rows.size() == 1 && group.doubtful.empty() &&
               !conflicts_.contains(key_hash(group.rows.front().second));
    }

    void add_row(const mapper& map, const record& row) {
        if (!map.check_shape(row).empty() || map.skips(row)) {
            ++summary_.without_text;
            return;
        }
        const std::string key = map.key_of(row);
        // Faults of other fields do not count: only the fields to match have to be there.
        const auto text = key.empty() ? std::nullopt : match_text(map.map(row).fields, fields_);
        if (!text) {
            ++summary_.without_text;
            return;
        }
        const auto entry = journal_.find(key);
        if (entry && entry->client) {
            ++summary_.known;
            return;
        }
        match_group& group = groups_[fingerprint_of(*text)];
        group.text = *text;
        // Its create may have made one of the clients of this group, which therefore links nothing.
        if (entry && entry->in_doubt) {
            group.doubtful.push_back(row.line);
            ++summary_.known;
            return;
        }
        // A row that repeats another is the same customer.
        const bool is_repeat =
            std::any_of(group.rows.begin(), group.rows.end(), [&](const auto& other) { return other.second == key; });
        if (is_repeat) {
            ++summary_.known;
        } else {
            group.rows.emplace_back(row.line, key);
            // Rows of one key that should match two clients: nobody can say which is meant.
            const fingerprint hash = key_hash(key);
            if (!keys_.insert(hash).second) {
                conflicts_.insert(hash);
            }
        }
    }

    void add_ambiguity(const match_group& group) {
        summary_.ambiguous += group.rows.size();
        if (summary_.ambiguities.size() < max_named_ambiguities) {
            ambiguous_link shown{.match = group.text, .lines = group.doubtful, .clients = group.clients};
            for (const auto& [line, key] : group.rows) {
                shown.lines.push_back(line);
            }
            summary_.ambiguities.push_back(std::move(shown));
        }
    }

    std::vector<field_code> fields_;
    journal& journal_;
    link_summary& summary_;
    std::map<fingerprint, match_group> groups_;
    std::set<fingerprint> keys_;
    std::set<fingerprint> conflicts_;
    std::set<std::int64_t> seen_;
};

std::vector<field_code> codes_of(const settings& job, const std::vector<std::string>& names) {
    std::vector<std::string> mapped;
    for (const field_rule& rule : job.fields) {
        // Only what getCrmClients lists can be compared.
        if (const auto code = find_field(rule.field); code && is_listed(*code)) {
            mapped.push_back(rule.field);
        }
    }
    std::vector<field_code> codes;
    for (const std::string& name : names) {
        if (std::find(mapped.begin(), mapped.end(), name) == mapped.end()) {
            throw command_error(
                exit_code::usage,
                fmt::format("--match {} is not a field that the job maps and that the account lists{}; there are "
                            "{}",
                            in_quotes(name), did_you_mean(name, mapped), listed(mapped)));
        }
        codes.push_back(*find_field(name));
    }
    return codes;
}

asio::awaitable<void> read_clients(account_session& session, linker& links,
                                   const std::function<void(std::uint64_t)>& listed_so_far) {
    api_caller api = session.new_caller();
    client_reader reader(api);
    const result<void> read = co_await reader.each_page([&](const std::vector<listed_client>& page) {
        const bool has_new = links.add_clients(page);
        listed_so_far(links.clients());
        return has_new;
    });
    if (!read) {
        session.stop().request(exit_code::stopped, read.error().problem);
    }
}

}  // namespace

link_summary link_by_fields(const settings& given, const std::vector<std::string>& fields, const link_options& options,
                            const std::function<void(std::uint64_t)>& listed) {
    // only_links: a journal that is new, old or half is what `link` is there to put right (session/journal_admission).
    job_session opened(given, {.same_account = options.same_account, .only_links = true});
    account_session& session = opened.account();
    opened.confirm_account();
    const mapped_source mapped(given, [&](const settings& job) {
        return resolved_job{look_up_names(job, session, opened.memory()), session.health().requests()};
    });
    link_summary summary;
    summary.places = mapped.source().places();
    linker links(codes_of(mapped.job(), fields), opened.memory(), summary);
    links.read_rows(mapped, [&] { return session.keep_going(); });
    // Without a row to match, nothing was learned of the account.
    const bool reads_account = links.has_rows();
    if (!session.stop().requested() && reads_account) {
        session.run(read_clients(session, links, listed));
    }
    if (!session.stop().requested()) {
        const auto replaced = journals_to_replace(opened, mapped.job(), links.clients_to_link(), options.other_journal);
        links.link();
        // Rows that could not be told would be created by the next run: that is for a person to say. Where none is
        // left, a run need not ask any more whether the account has clients already.
        summary.is_complete = reads_account && summary.ambiguous == 0 && summary.without_text == 0;
        // Nobody would be made again by a journal that has them all; but who else has them must be asked of the
        // account.
        const bool is_known = summary.rows > 0 && summary.known == summary.rows && replaced.empty();
        if (summary.is_complete || is_known) {
            opened.journal_is_complete(!mapped.is_partial());
        }
        // A lost one may be put back while rows are left to tell: it has the clients that this one lacks.
        if (summary.is_complete || options.other_journal != other_journal_policy::refuse) {
            opened.replace(replaced);
        }
    }
    summary.requests = session.health().requests();
    summary.stopped_because = session.stop().reason();
    if (session.stop().requested()) {
        summary.code = session.stop().code();
    } else if (summary.ambiguous > 0) {
        summary.code = exit_code::incomplete;
    }
    return summary;
}

// The account is not asked, so the ids must be right: a wrong one has the next run overwrite another customer.
std::uint64_t link_by_list(const settings& job, const std::filesystem::path& list, const link_options& options) {
    const std::vector<known_id> pairs = read_id_list(list);
    job_session opened(job, {.only_links = true});
    std::vector<std::int64_t> clients;
    for (const known_id& pair : pairs) {
        clients.push_back(pair.crm_client_id);
    }
    const auto replaced = journals_to_replace(opened, job, clients, options.other_journal);
    journal* const j = &opened.memory();
    std::uint64_t count = 0;
    for (const known_id& pair : pairs) {
        const auto refuse = [&](const std::string& problem) {
            // The changes of the lines before, which are not committed yet.
            j->rollback();
            throw command_error(exit_code::usage,
                                fmt::format("{}, line {}: {}; nothing was linked", list.string(), pair.line, problem));
        };
        const auto before = j->find(pair.key);
        if (before && before->client) {
            if (before->client->crm_client_id != pair.crm_client_id) {
                refuse(fmt::format("{} is client {} already", in_quotes(pair.key), before->client->crm_client_id));
            }
            continue;
        }
        if (const auto owner = j->key_of_client(pair.crm_client_id)) {
            refuse(fmt::format("client {} is that of {} already", pair.crm_client_id, in_quotes(*owner)));
        }
        // Otherwise the client would count as created by the intent's run, and an undo would delete it.
        j->withdraw(pair.key);  // a create in doubt is settled by this
        // Nothing is known of its fields, so all are sent once.
        j->linked(pair.key, {.crm_client_id = pair.crm_client_id, .record_hash = {}, .sent = {}}, wall_now());
        ++count;
    }
    j->commit();
    // Where the list is not the whole account, the journal is not complete, and a lost one may still come back.
    if (options.other_journal != other_journal_policy::refuse) {
        opened.replace(replaced);
    }
    return count;
}

}  // namespace baseload
