#include "baseload/core/duration.hpp"
#include "baseload/core/text.hpp"
#include "baseload/survey/current_values.hpp"
#include "baseload/survey/rehearsal.hpp"
#include "commands.hpp"
#include "job_source.hpp"
#include "print.hpp"
#include "same_customers_output.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace baseload {
namespace {

// A few of each kind, so that a person sees what a mapping does; `check` and the run name rows.
constexpr std::size_t max_samples_each = 5;

struct arguments {
    std::string job;
    std::vector<std::string> sources;
    bool old = false;
    bool new_keys = false;
    bool full = false;
    bool json = false;
};

// The forecast, and a few changes of each kind.
// Counts come from the forecast; of the changes themselves it keeps what it shows.
class plan_sampler : public rehearsal_observer {
public:
    void opened(const record_source& opened, const std::vector<std::string>& /*header*/) override {
        source = opened.name();
        places = opened.places();
    }
    void foreseen(const forecast& f) override { ahead = f; }
    void missed(const missing_summary& m) override { missing = m; }
    void remarked(const std::string& remark, bool /*is_likely_wrong*/) override { remarks.push_back(remark); }
    void similar(const std::vector<similar_key>& /*found*/, std::uint64_t /*count*/) override {}
    void same(const std::vector<same_customer>& found, std::uint64_t count) override {
        same_customers = found;
        same_customers_count = count;
    }
    void rejected(const rejection& /*r*/) override {}
    void planned(const planned_change& change) override {
        // The first ones in the order of the source. 0 is a create: the client has no id yet.
        auto& kind = change.crm_client_id == 0 ? creates : updates;
        if (kind.size() < max_samples_each) {
            kind.push_back(change);
        }
    }

    std::string source;
    std::shared_ptr<const line_places> places;
    forecast ahead;
    missing_summary missing;
    std::vector<std::string> remarks;           // on the source as a whole
    std::vector<same_customer> same_customers;  // the first ones
    std::uint64_t same_customers_count = 0;
    std::vector<planned_change> creates;
    std::vector<planned_change> updates;
    std::map<std::int64_t, client_fields> now;  // what the account has, by client, if it was asked
};

// What the account has of the field; nothing when that is not known.
// Without --old nothing is known; with it, a client that could not be read and a file are not.
const field_value* old_value(const plan_sampler& found, const planned_change& change, field_code code) {
    const auto client = found.now.find(change.crm_client_id);
    if (client == found.now.end()) {
        return nullptr;
    }
    const auto field = std::find_if(client->second.begin(), client->second.end(),
                                    [&](const client_field& f) { return f.code == code; });
    return field == client->second.end() ? nullptr : &field->value;
}

// A text in quotes shows white space, and tells a blank one from none.
std::string value_text(const field_value& value) {
    return std::holds_alternative<std::int64_t>(value) ? text_of(value) : in_quotes(text_of(value));
}

std::string sample_text(const plan_sampler& found, const planned_change& change) {
    const std::string file = change.file.empty() ? "" : change.file + ", ";
    std::string text = change.crm_client_id == 0
                           ? fmt::format("  {}line {}, {}: create\n", file, change.line, in_quotes(change.key))
                           : fmt::format("  {}line {}, {}: update of client {}\n", file, change.line,
                                         in_quotes(change.key), change.crm_client_id);
    for (const client_field& field : change.send) {
        const field_value* old = old_value(found, change, field.code);
        text += fmt::format("      {}{} → {}\n", field_name(field.code), old == nullptr ? "" : ": " + value_text(*old),
                            value_text(field.value));
    }
    return text;
}

// Unchanged rows, and those that repeat another.
// The six kinds of rows add up to all of them, so the rest is what needs no request.
std::uint64_t rows_without_request(const forecast& f) {
    return f.records - f.creates - f.updates - f.doubts - f.rejects - f.skipped;
}

// At most 20 keys are named (core/summary.hpp).
std::string missing_text(const missing_summary& m, const settings& job) {
    if (m.count == 0) {
        return {};
    }
    const std::string what =
        m.refused              ? "left alone: " + m.note
        : m.action == "delete" ? std::string("their clients would be deleted, which cannot be undone")
        : m.action == "status" ? fmt::format("their clients would get status {}", job.missing.status_id)
                               : std::string("to be reported");
    std::string text = fmt::format("  {} of the last full run {} not in it; {}\n", counted(m.count, "key"),
                                   m.count == 1 ? "is" : "are", what);
    for (const std::string& key : m.keys) {
        text += fmt::format("      {}\n", in_quotes(key));
    }
    return m.count > m.keys.size() ? text + fmt::format("      and {} more\n", grouped(m.count - m.keys.size())) : text;
}

std::string result_text(const plan_sampler& found, const settings& job) {
    const forecast& f = found.ahead;
    std::string text = found.source + "\n";
    const auto line = [&](const char* name, std::uint64_t count) {
        text += fmt::format("  {:<13}{:>12}\n", name, grouped(count));
    };
    line("rows", f.records);
    line("  to create", f.creates);
    line("  to update", f.updates);
    line("  in doubt", f.doubts);
    line("  to reject", f.rejects);
    line("  no request", rows_without_request(f));
    if (f.skipped > 0) {
        line("  skipped", f.skipped);
    }
    if (!found.missing.action.empty()) {
        line("missing", found.missing.count);
    }
    line("requests", f.requests());
    // 0 for few requests, which the limit lets through at once, and where there is no limit.
    if (f.least_time.count() > 0) {
        text += fmt::format("  at least {} at {} requests a minute\n", show_duration(f.least_time),
                            job.account.requests_per_minute);
    }
    for (const std::string& remark : found.remarks) {
        text += fmt::format("  {}\n", remark);
    }
    for (const auto* kind : {&found.creates, &found.updates}) {
        for (const planned_change& change : *kind) {
            text += sample_text(found, change);
        }
    }
    return text + same_customers_text(found.same_customers, found.same_customers_count, *found.places) +
           missing_text(found.missing, job);
}

// A number stays a number, as it is sent.
boost::json::value value_json(const field_value& value) {
    const auto* number = std::get_if<std::int64_t>(&value);
    return number != nullptr ? boost::json::value(*number) : boost::json::value(text_of(value));
}

boost::json::array sample_json(const plan_sampler& found, const std::vector<planned_change>& changes) {
    boost::json::array all;
    for (const planned_change& change : changes) {
        boost::json::object fields;
        boost::json::object old;
        for (const client_field& field : change.send) {
            fields[field_name(field.code)] = value_json(field.value);
            if (const field_value* value = old_value(found, change, field.code)) {
                old[field_name(field.code)] = value_json(*value);
            }
        }
        boost::json::object one;
        one["line"] = change.line;
        if (!change.file.empty()) {
            one["file"] = change.file;
        }
        one["key"] = change.key;
        one["crm_client_id"] =
            change.crm_client_id == 0 ? boost::json::value(nullptr) : boost::json::value(change.crm_client_id);
        one["fields"] = std::move(fields);
        // An empty object tells that the client was read and shows none of these fields.
        if (found.now.contains(change.crm_client_id)) {
            one["old"] = std::move(old);
        }
        all.push_back(std::move(one));
    }
    return all;
}

// The names are a contract with scripts: never rename one.
std::string result_json(const plan_sampler& found) {
    const forecast& f = found.ahead;
    boost::json::object all;
    all["source"] = found.source;
    all["records"] = f.records;
    all["create"] = f.creates;
    all["update"] = f.updates;
    all["in_doubt"] = f.doubts;
    all["reject"] = f.rejects;
    all["no_request"] = rows_without_request(f);
    all["skipped"] = f.skipped;
    const missing_summary& m = found.missing;
    all["missing"] = {{"action", m.action.empty() ? boost::json::value(nullptr) : boost::json::value(m.action)},
                      {"count", m.count},
                      {"keys", boost::json::array(m.keys.begin(), m.keys.end())},
                      {"refused", m.refused},
                      {"note", m.note.empty() ? boost::json::value(nullptr) : boost::json::value(m.note)}};
    all["requests"] = f.requests();
    all["least_seconds"] = f.least_time.count() / 1000;
    all["same_customers"] = same_customers_json(found.same_customers, *found.places);
    all["same_customers_count"] = found.same_customers_count;
    all["remarks"] = boost::json::array(found.remarks.begin(), found.remarks.end());
    all["creates"] = sample_json(found, found.creates);
    all["updates"] = sample_json(found, found.updates);
    return boost::json::serialize(all);
}

// Without --old no token is needed, and the journal is not written to (survey/rehearsal).
exit_code show_plan(const arguments& a) {
    const settings job = job_with_source(a.job, a.sources, a.full);
    plan_sampler found;
    rehearse(job, a.new_keys, found);
    // Only those that are shown: each costs a request.
    if (a.old && !found.updates.empty()) {
        found.now = current_values(job, found.updates);
    }
    a.json ? print_json(result_json(found)) : print_text(result_text(found, job));
    return exit_code::success;
}

}  // namespace

void add_plan_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("plan", "What a run would send: counts, requests, time, a few changes; sends nothing");
    c.example("baseload plan shop.toml");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.option("SOURCE", a->sources, "Files in place of the job's own, with a part of its rows; - is standard input");
    c.flag("--full", a->full, "SOURCE has all rows: who is not in it is missing");
    c.flag("--old", a->old, "Ask the account for the old values of the updates shown, a request each");
    c.flag("--new-keys", a->new_keys, "New keys are meant as they stand, however like known ones they are");
    c.flag("--json", a->json, "Print it as JSON");
    c.run([a] { return show_plan(*a); });
}

}  // namespace baseload
