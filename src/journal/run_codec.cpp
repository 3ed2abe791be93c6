#include "run_codec.hpp"

#include "baseload/core/utf8.hpp"
#include "sql_values.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

#include <cstdint>
#include <vector>

namespace baseload {
namespace {

namespace json = boost::json;

// The object of a text that this program has written; an empty one for a blank text.
json::object object_of(const std::string& text) {
    return text.empty() ? json::object{} : json::parse(as_utf8(text)).as_object();
}

// A value that this version knows and the one that wrote the text did not is left as it is.
template <class Number>
void take(const json::object& from, std::string_view name, Number& into) {
    if (const json::value* value = from.if_contains(name)) {
        into = value->to_number<Number>();
    }
}
void take(const json::object& from, std::string_view name, bool& into) {
    if (const json::value* value = from.if_contains(name)) {
        into = value->as_bool();
    }
}
void take(const json::object& from, std::string_view name, std::string& into) {
    if (const json::value* value = from.if_contains(name)) {
        into = json::value_to<std::string>(*value);
    }
}
template <class Value>
void take(const json::object& from, std::string_view name, std::vector<Value>& into) {
    if (const json::value* value = from.if_contains(name)) {
        into = json::value_to<std::vector<Value>>(*value);
    }
}

json::object encoded(const doubtful_create& d) {
    return {{"key", d.key},
            {"line", d.line},
            {"file", d.file},
            {"why", d.why},
            {"candidates", json::array(d.candidates.begin(), d.candidates.end())},
            {"is_update", d.is_update},
            {"is_left", d.is_left}};
}

doubtful_create decoded_doubt(const json::object& from) {
    doubtful_create d;
    take(from, "key", d.key);
    take(from, "line", d.line);
    take(from, "file", d.file);
    take(from, "why", d.why);
    take(from, "candidates", d.candidates);
    take(from, "is_update", d.is_update);
    take(from, "is_left", d.is_left);
    return d;
}

json::array encoded(const tally& rows) {
    json::array counts;
    for (int o = 0; o < outcome_kinds; ++o) {
        counts.emplace_back(rows.of(static_cast<outcome>(o)));
    }
    return counts;
}

tally decoded_rows(const json::object& from) {
    std::vector<std::uint64_t> counts;
    take(from, "rows", counts);
    tally rows;
    for (std::size_t o = 0; o < counts.size() && o < outcome_kinds; ++o) {
        rows.add(static_cast<outcome>(o), counts[o]);
    }
    return rows;
}

wall_time decoded_time(const json::object& from, std::string_view name) {
    std::int64_t milliseconds = 0;
    take(from, name, milliseconds);
    return wall_time_of(milliseconds);
}

}  // namespace

std::string encode_more(const run_summary& s) {
    json::array doubts;
    for (const doubtful_create& d : s.doubts) {
        doubts.push_back(encoded(d));
    }
    return json::serialize(json::object{
        {"job", s.job},
        {"left_to_go", s.left_to_go},
        {"merged", s.merged},
        {"fields_sent", s.fields_sent},
        {"replaced_characters", s.replaced_characters},
        {"warnings", s.warnings},
        {"same_customers", s.same_customers},
        {"paused", s.paused.count()},
        {"lowest_limit", s.lowest_limit},
        {"found", s.found},
        {"not_found", s.not_found},
        {"left_alone", s.left_alone},
        {"doubts", std::move(doubts)},
        {"keys_in_doubt", s.keys_in_doubt},
        {"doubtful_elsewhere", s.doubtful_elsewhere},
        {"missing_keys", json::array(s.missing.keys.begin(), s.missing.keys.end())},
        {"missing_failed", s.missing.failed},
        {"missing_note", s.missing.note},
        {"kept_status", s.missing.kept_status},
        {"kept_status_keys", json::array(s.missing.kept_status_keys.begin(), s.missing.kept_status_keys.end())}});
}

void decode_more(const std::string& text, run_summary& into) {
    const json::object from = object_of(text);
    take(from, "job", into.job);
    take(from, "left_to_go", into.left_to_go);
    take(from, "merged", into.merged);
    take(from, "fields_sent", into.fields_sent);
    take(from, "replaced_characters", into.replaced_characters);
    take(from, "warnings", into.warnings);
    take(from, "same_customers", into.same_customers);
    std::int64_t paused = 0;
    take(from, "paused", paused);
    into.paused = std::chrono::milliseconds(paused);
    take(from, "lowest_limit", into.lowest_limit);
    take(from, "found", into.found);
    take(from, "not_found", into.not_found);
    take(from, "left_alone", into.left_alone);
    if (const json::value* doubts = from.if_contains("doubts")) {
        for (const json::value& d : doubts->as_array()) {
            into.doubts.push_back(decoded_doubt(d.as_object()));
        }
    }
    take(from, "keys_in_doubt", into.keys_in_doubt);
    take(from, "doubtful_elsewhere", into.doubtful_elsewhere);
    take(from, "missing_keys", into.missing.keys);
    take(from, "missing_failed", into.missing.failed);
    take(from, "missing_note", into.missing.note);
    take(from, "kept_status", into.missing.kept_status);
    take(from, "kept_status_keys", into.missing.kept_status_keys);
}

std::string encode_details(const run_details& details) {
    json::array requests;
    json::array paused;
    for (const run_minute& minute : details.minutes) {
        requests.emplace_back(minute.requests);
        paused.emplace_back(minute.paused_seconds);
    }
    json::array causes;
    for (const rejection_cause& c : details.causes) {
        causes.push_back({{"code", c.code},
                          {"column", c.column},
                          {"count", c.count},
                          {"lines", json::array(c.lines.begin(), c.lines.end())},
                          {"example", c.example}});
    }
    json::array rejected;
    for (const rejected_row& r : details.rejected) {
        rejected.push_back({{"line", r.line}, {"code", r.code}, {"column", r.column}, {"problem", r.problem}});
    }
    json::object fields;
    for (const auto& [field, count] : details.fields_changed) {
        fields[field] = count;
    }
    return json::serialize(json::object{{"limit", details.limit},
                                        {"requests", std::move(requests)},
                                        {"paused", std::move(paused)},
                                        {"causes", std::move(causes)},
                                        {"rejected", std::move(rejected)},
                                        {"fields", std::move(fields)}});
}

run_details decode_details(const std::string& text) {
    run_details details;
    const json::object from = object_of(text);
    if (from.empty()) {
        return details;
    }
    take(from, "limit", details.limit);
    std::vector<std::uint32_t> requests;
    std::vector<std::uint32_t> paused;
    take(from, "requests", requests);
    take(from, "paused", paused);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        details.minutes.push_back({requests[i], i < paused.size() ? paused[i] : 0});
    }
    for (const json::value& value : from.at("causes").as_array()) {
        const json::object& one = value.as_object();
        rejection_cause c;
        take(one, "code", c.code);
        take(one, "column", c.column);
        take(one, "count", c.count);
        take(one, "lines", c.lines);
        take(one, "example", c.example);
        details.causes.push_back(std::move(c));
    }
    for (const json::value& value : from.at("rejected").as_array()) {
        const json::object& one = value.as_object();
        rejected_row r;
        take(one, "line", r.line);
        take(one, "code", r.code);
        take(one, "column", r.column);
        take(one, "problem", r.problem);
        details.rejected.push_back(std::move(r));
    }
    for (const auto& field : from.at("fields").as_object()) {
        details.fields_changed[std::string(field.key())] = field.value().to_number<std::uint64_t>();
    }
    return details;
}

std::string encode_summary(const run_summary& s) {
    return json::serialize(json::object{{"run", s.run},
                                        {"shard", s.shard},
                                        {"source", s.source},
                                        {"account", s.account},
                                        {"started", milliseconds_of(s.started)},
                                        {"finished", milliseconds_of(s.finished)},
                                        {"partial", s.partial},
                                        {"records", s.records},
                                        {"rows", encoded(s.rows)},
                                        {"requests", s.requests},
                                        {"stopped_because", s.stopped_because},
                                        {"code", static_cast<int>(s.code)},
                                        {"more", encode_more(s)},
                                        {"details", encode_details(s.details)}});
}

run_summary decode_summary(const std::string& text) {
    const json::object from = object_of(text);
    run_summary s;
    take(from, "run", s.run);
    take(from, "shard", s.shard);
    take(from, "source", s.source);
    take(from, "account", s.account);
    s.started = decoded_time(from, "started");
    s.finished = decoded_time(from, "finished");
    take(from, "partial", s.partial);
    take(from, "records", s.records);
    s.rows = decoded_rows(from);
    take(from, "requests", s.requests);
    take(from, "stopped_because", s.stopped_because);
    int code = 0;
    take(from, "code", code);
    s.code = static_cast<exit_code>(code);
    std::string more;
    take(from, "more", more);
    decode_more(more, s);
    std::string details;
    take(from, "details", details);
    s.details = decode_details(details);
    return s;
}

std::string encode_progress(const progress& p) {
    return json::serialize(json::object{{"started", milliseconds_of(p.started)},
                                        {"is_sending", p.is_sending},
                                        {"records", p.records},
                                        {"rows", encoded(p.rows)},
                                        {"requests_to_go", p.requests_to_go},
                                        {"requests", p.requests},
                                        {"requests_last_minute", p.requests_last_minute},
                                        {"limit", p.limit},
                                        {"reduced_limit", p.reduced_limit.value_or(0)},
                                        {"to_go", p.to_go.count()},
                                        {"waits_for_limit", p.waits_for_limit},
                                        {"blocked_until", p.blocked_until ? milliseconds_of(*p.blocked_until) : 0},
                                        {"unconnected", p.unconnected}});
}

progress decode_progress(const std::string& text) {
    const json::object from = object_of(text);
    progress p;
    p.started = decoded_time(from, "started");
    take(from, "is_sending", p.is_sending);
    take(from, "records", p.records);
    p.rows = decoded_rows(from);
    take(from, "requests_to_go", p.requests_to_go);
    take(from, "requests", p.requests);
    take(from, "requests_last_minute", p.requests_last_minute);
    take(from, "limit", p.limit);
    std::uint32_t reduced = 0;
    take(from, "reduced_limit", reduced);
    p.reduced_limit = reduced > 0 ? std::optional(reduced) : std::nullopt;
    std::int64_t to_go = 0;
    take(from, "to_go", to_go);
    p.to_go = std::chrono::milliseconds(to_go);
    take(from, "waits_for_limit", p.waits_for_limit);
    std::int64_t blocked_until = 0;
    take(from, "blocked_until", blocked_until);
    p.blocked_until = blocked_until > 0 ? std::optional(wall_time_of(blocked_until)) : std::nullopt;
    take(from, "unconnected", p.unconnected);
    return p;
}

}  // namespace baseload
