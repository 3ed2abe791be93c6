#include "phone_number.hpp"

#include <phonenumbers/phonenumberutil.h>

#include <set>

namespace baseload {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

// Regions and numbering plans come with libphonenumber and change with its version: a number that was none may be one
// later.
bool is_phone_region(const std::string& region) {
    std::set<std::string> regions;
    PhoneNumberUtil::GetInstance()->GetSupportedRegions(&regions);
    return regions.contains(region);
}

std::optional<std::string> e164_of(const std::string& text, const std::string& region) {
    // The library would read letters as the keys that they stand on, and the second of two numbers as an extension.
    // Compared byte by byte: the bytes of the three characters outside ASCII (no-break space, two dashes) count singly.
    // What else they can form, the library refuses.
    if (text.find_first_not_of("0123456789+-()./ \t\u00A0\u2011\u2013") != std::string::npos) {
        return std::nullopt;
    }
    const PhoneNumberUtil& numbers = *PhoneNumberUtil::GetInstance();
    PhoneNumber number;
    std::string written;
    if (numbers.Parse(text, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR || number.has_extension() ||
        // The region counts only where the text has no country's code. IsValidNumber asks the numbering plan, and not
        // the length alone.
        !numbers.IsValidNumber(number)) {
        return std::nullopt;
    }
    numbers.Format(number, PhoneNumberUtil::E164, &written);
    return written;
}

}  // namespace baseload
