#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/sandbox/server.hpp"
#include "commands.hpp"
#include "duration_option.hpp"

#include <fmt/format.h>

#include <memory>
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
};

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
        // Returns when a signal ends it.
        sandbox::serve(a->options);
        return exit_code::success;
    });
}

}  // namespace baseload
