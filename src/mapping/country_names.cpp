#include "country_names.hpp"

#include "baseload/core/text.hpp"

#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <map>

namespace baseload {
namespace {

std::map<std::string, std::string> all_names() {
    // A name that stands twice keeps its first code.
    std::map<std::string, std::string> codes;
    for (const char* const* code = uloc_getISOCountries(); *code != nullptr; ++code) {
        const icu::Locale country("", *code);
        for (const char* language : {"pl", "en", "de"}) {
            icu::UnicodeString name;
            country.getDisplayCountry(icu::Locale(language), name);
            std::string utf8;
            codes.emplace(plain_folded(name.toUTF8String(utf8)), *code);
        }
    }
    return codes;
}

}  // namespace

std::optional<std::string> country_by_name(std::string_view name) {
    // Made at the first call, and shared by threads since it is const from then on.
    static const std::map<std::string, std::string> codes = all_names();
    const auto found = codes.find(plain_folded(name));
    return found == codes.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace baseload
