#include "block_message.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>
#include <unicode/smpdtfmt.h>
#include <unicode/timezone.h>

#include <memory>

namespace baseload::sandbox {

// The wording is the one that was seen in the wild (src/api/README.md, "Limit"), without a zone: that is what the
// importer must cope with.
std::string block_message(rate_window::time until, const std::string& zone) {
    std::unique_ptr<icu::TimeZone> place(zone == "local"
                                             ? icu::TimeZone::createDefault()
                                             : icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
    // ICU makes "Etc/Unknown" of a name that it does not know, and reports no error.
    if (*place == icu::TimeZone::getUnknown()) {
        throw command_error(exit_code::usage,
                            fmt::format("--block-zone {}: no such time zone; write Europe/Warsaw, UTC or local", zone));
    }
    UErrorCode status = U_ZERO_ERROR;
    // The root locale, so that the digits are ASCII whatever the machine's language.
    icu::SimpleDateFormat format(icu::UnicodeString("yyyy-MM-dd HH:mm:ss"), icu::Locale::getRoot(), status);
    format.setTimeZone(*place);
    icu::UnicodeString text;
    format.format(static_cast<UDate>(until.time_since_epoch().count()), text);
    std::string utf8;
    text.toUTF8String(utf8);
    return "Query limit exceeded, token blocked until " + utf8;
}

}  // namespace baseload::sandbox
