#include "baseload/config/job_file.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/core/field_table.hpp"
#include "baseload/core/text.hpp"
#include "baseload/sandbox/server.hpp"
#include "baseload/session/job_journal.hpp"
#include "baseload/session/list_cache.hpp"
#include "commands.hpp"
#include "duration_option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace baseload {
namespace {

// Durations and shares are texts here, and read when the command is run: parsing does no work.
struct arguments {
    sandbox::options options;
    std::string latency = "0ms";
    std::string block = "10m";
    std::string late_by = "2s";
    std::string edits;
    std::string overlong = "refuse";
    std::string unknown_status = "refuse";
    std::string like;
};

// An extra field that the job names, where nobody has learnt what the account has: a text, or what its rule says.
sandbox::extra_field needed_field(const field_rule& rule, std::int64_t free_id) {
    const std::string editor = rule.editor == editor_type::file ? "file" : rule.date_format.empty() ? "text" : "date";
    const bool is_id = all_digits(rule.field);
    return {is_id ? std::stoll(rule.field) : free_id, is_id ? "Pole " + rule.field : rule.field, editor, {}};
}

// Numbers of statuses that the job writes itself.
std::set<std::int64_t> statuses_needed(const settings& job) {
    std::set<std::int64_t> ids;
    const auto add = [&](const std::string& text) {
        if (all_digits(text) && text.size() < 10) {
            ids.insert(std::stoll(text));
        }
    };
    for (const field_rule& rule : job.fields) {
        if (rule.field == field_name(field_code::status_id)) {
            add(rule.default_text);
            for (const auto& [from, to] : rule.map) {
                add(to);
            }
        }
    }
    if (job.missing.status_id > 0) {
        ids.insert(job.missing.status_id);
    }
    return ids;
}

// The account as the job's journal last learnt it, and with what the job needs where it has learnt nothing.
void make_like(const settings& job, sandbox::options& o) {
    const auto memory = open_job_journal_to_read(job);
    const cached_lists known = recall_lists(*memory);
    if (known.present.statuses) {
        o.statuses.clear();
        for (const client_status& s : known.listing.statuses) {
            o.statuses.insert(s.is_primary ? o.statuses.begin() : o.statuses.end(), {s.id, s.name});
        }
    }
    for (const std::int64_t id : statuses_needed(job)) {
        if (std::none_of(o.statuses.begin(), o.statuses.end(), [&](const auto& s) { return s.id == id; })) {
            o.statuses.push_back({id, fmt::format("Status {}", id)});
        }
    }
    if (known.present.extra_fields) {
        o.extra_fields.clear();
        for (const extra_field_type& f : known.listing.extra_fields) {
            o.extra_fields.push_back({f.id, f.name, f.editor, f.options});
        }
    } else {
        std::int64_t free_id = 1000;
        for (const field_rule& rule : job.extra_fields) {
            const sandbox::extra_field needed = needed_field(rule, ++free_id);
            if (std::none_of(o.extra_fields.begin(), o.extra_fields.end(),
                             [&](const auto& f) { return f.id == needed.id || f.name == needed.name; })) {
                o.extra_fields.push_back(needed);
            }
        }
    }
    if (known.present.contractors) {
        o.contractors.clear();
        for (const contractor& c : known.listing.contractors) {
            o.contractors.push_back({c.id, c.name});
        }
    }
}

// True for the second of two words.
bool second_of(const char* option, const std::string& given, const char* first, const char* second) {
    if (given != first && given != second) {
        throw command_error(exit_code::usage,
                            fmt::format("{} {} is neither {} nor {}", option, in_quotes(given), first, second));
    }
    return given == second;
}

}  // namespace

void add_sandbox_command(command_line& line) {
    // The defaults that the help shows are those of sandbox::options and of the texts above.
    const auto a = std::make_shared<arguments>();
    // Options are written straight into what serve() gets; `a` keeps it alive.
    sandbox::options& o = a->options;
    command c = line.add("sandbox", "A stand-in for the API on 127.0.0.1, to rehearse and to test");
    c.example("baseload sandbox --port 8080 --state sandbox.db");
    c.option("--port", o.port, "The port; a free one when absent");
    c.option("--token", o.token, "The token that it accepts (a made-up one)").show_default();
    c.option("--limit", o.limit, "Requests a minute; 0 for none").show_default();
    c.option("--block", a->block, "How long it blocks whoever passes the limit").show_default();
    c.option("--block-zone", o.block_zone, "The zone in which it tells a block's end, or local").show_default();
    c.option("--latency", a->latency, "How long it thinks before an answer").show_default();
    c.option("--faults", o.faults,
             "Shares of faults, e.g. drop-after=0.05,500=0.1; there are drop-before, drop-after,\n"
             "reset-before, reset-after, stall, late, drip, 500, 502-after, cut-off, empty, html, huge,\n"
             "garbage, block, interim, stray and foreign-id");
    c.option("--faults-in", o.faults_in, "Only this method meets faults, e.g. addCrmClient").value_name("METHOD");
    c.option("--page-size", o.page_size, "Clients on a page of getCrmClients").show_default();
    c.option("--changes", o.changes,
             "How it changes the texts that it stores, e.g. escape,nfd; there are strip, collapse, phone,\n"
             "upper, lower, nfc, nfd and escape")
        .value_name("LIST");
    c.option("--edits", a->edits, "Share of the new clients whose e-mail staff change at once, e.g. 5%")
        .value_name("P%");
    c.option("--late-by", a->late_by, "After what time the fault \"late\" is carried out").show_default();
    c.option("--seed", o.seed, "Seed of the faults");
    c.option("--state", o.state, "Keep clients and requests in this SQLite file").value_name("FILE");
    c.flag("--ids-as-strings", o.ids_as_strings, "Answer ids as texts");
    c.flag("--empty-maps-as-arrays", o.empty_maps_as_arrays, "Answer empty maps as []");
    c.option("--content-type", o.content_type, "How it labels JSON").value_name("TYPE").show_default();
    c.flag("--strict-transport", o.strict_transport,
           "Refuse a token in the form, multipart, and JSON that is not percent-encoded");
    c.option("--read-only-token", o.read_only_token, "A second token, which may not write").value_name("TOKEN");
    c.option("--overlong", a->overlong, "What becomes of a text that is too long: refuse or cut")
        .value_name("WHAT")
        .show_default();
    c.option("--unknown-status", a->unknown_status, "What becomes of an unknown status: refuse or accept")
        .value_name("WHAT")
        .show_default();
    c.flag("--unix-dates", o.unix_dates, "Keep dates of extra fields as Unix times");
    c.flag("--newest-first", o.newest_first, "List the newest clients first");
    c.option("--like", a->like, "Have the statuses and extra fields of this job's account, as last learnt")
        .value_name("JOB");
    command_option certificate = c.option("--tls-cert", o.tls_certificate, "Speak HTTPS, with this certificate (PEM)");
    command_option key = c.option("--tls-key", o.tls_key, "The certificate's key (PEM)");
    // One without the other would speak neither HTTP nor HTTPS.
    certificate.needs(key);
    key.needs(certificate);
    c.run([a] {
        // Read here and not by the parser, so that the message is the same as for other durations.
        a->options.latency = duration_option("--latency", a->latency);
        a->options.block = duration_option("--block", a->block);
        a->options.late_by = duration_option("--late-by", a->late_by);
        a->options.cuts_overlong = second_of("--overlong", a->overlong, "refuse", "cut");
        a->options.accepts_unknown_status = second_of("--unknown-status", a->unknown_status, "refuse", "accept");
        if (a->options.page_size == 0) {
            throw command_error(exit_code::usage, "--page-size 0 would list nobody; a page has a client at least");
        }
        if (!a->edits.empty()) {
            const auto share = parse_share(a->edits);
            if (!share) {
                throw command_error(exit_code::usage,
                                    fmt::format("--edits {} is no share; write 5%", in_quotes(a->edits)));
            }
            a->options.edits = *share;
        }
        if (!a->like.empty()) {
            make_like(read_job(a->like), a->options);
        }
        // Returns when a signal ends it.
        sandbox::serve(a->options);
        return exit_code::success;
    });
}

}  // namespace baseload
