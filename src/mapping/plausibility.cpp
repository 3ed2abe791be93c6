#include "baseload/mapping/plausibility.hpp"

#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace baseload {
namespace {

int digit(char c) {
    return c - '0';
}

// Rozporządzenie o NIP: the weighted sum modulo 11 is the last digit, and never 10.
bool is_nip(std::string_view d) {
    constexpr std::array<int, 9> weights = {6, 5, 7, 2, 3, 4, 5, 6, 7};
    // A remainder of 10 never equals a digit, so such numbers fail as they must.
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        sum += weights[i] * digit(d[i]);
    }
    return sum % 11 == digit(d[9]);
}

// ISO 7064, MOD 11,10.
bool is_german(std::string_view d) {
    int product = 10;
    for (std::size_t i = 0; i < 8; ++i) {
        const int sum = (digit(d[i]) + product) % 10;
        product = 2 * (sum == 0 ? 10 : sum) % 11;
    }
    return (11 - product) % 10 == digit(d[8]);
}

// Luhn's formula.
bool is_italian(std::string_view d) {
    int sum = 0;
    for (std::size_t i = 0; i < d.size(); ++i) {
        const int doubled = digit(d[i]) * (i % 2 == 1 ? 2 : 1);
        sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
}

// Up to ten digits, which a long of 64 bits holds.
long number(std::string_view d) {
    long value = 0;
    for (const char c : d) {
        value = value * 10 + digit(c);
    }
    return value;
}

// The last two digits are 97 less the rest of the first eight by 97.
bool is_belgian(std::string_view d) {
    return 97 - number(d.substr(0, 8)) % 97 == number(d.substr(8));
}

// The whole number is divisible by 11.
bool is_slovak(std::string_view d) {
    return number(d) % 11 == 0;
}

// `form`: 9 is a digit, * a digit or a letter, anything else itself; forms parted by spaces.
struct vat_rule {
    std::string_view country;
    std::string_view forms;
    bool (*check)(std::string_view digits) = nullptr;
};

// As the Commission lists the forms for VIES. Greece is EL there, and XI is Northern Ireland. Countries without a
// function are judged by form alone.
constexpr std::array<vat_rule, 28> vat_rules = {{
    {"AT", "U99999999"},
    {"BE", "0999999999 1999999999", is_belgian},
    {"BG", "999999999 9999999999"},
    {"CY", "99999999*"},
    {"CZ", "99999999 999999999 9999999999"},
    {"DE", "999999999", is_german},
    {"DK", "99999999"},
    {"EE", "999999999"},
    {"EL", "999999999"},
    {"ES", "*9999999*"},
    {"FI", "99999999"},
    {"FR", "**999999999"},
    {"HR", "99999999999"},
    {"HU", "99999999"},
    {"IE", "9*99999* 9999999**"},
    {"IT", "99999999999", is_italian},
    {"LT", "999999999 999999999999"},
    {"LU", "99999999"},
    {"LV", "99999999999"},
    {"MT", "99999999"},
    {"NL", "************"},
    {"PL", "9999999999", is_nip},
    {"PT", "999999999"},
    {"RO", "99 999 9999 99999 999999 9999999 99999999 999999999 9999999999"},
    {"SE", "999999999999"},
    {"SI", "99999999"},
    {"SK", "9999999999", is_slovak},
    {"XI", "999999999 999999999999"},
}};

bool has_form(std::string_view text, std::string_view form) {
    return text.size() == form.size() && std::equal(text.begin(), text.end(), form.begin(), [](char c, char f) {
               const bool is_letter = c >= 'A' && c <= 'Z';
               return f == '9' ? is_digit(c) : f == '*' ? is_digit(c) || is_letter : c == f;
           });
}

bool has_any_form(std::string_view text, std::string_view forms) {
    while (!forms.empty()) {
        const std::size_t end = std::min(forms.find(' '), forms.size());
        if (has_form(text, forms.substr(0, end))) {
            return true;
        }
        forms.remove_prefix(std::min(end + 1, forms.size()));
    }
    return false;
}

implausible_value wrong_check_digit(const char* what) {
    return {fmt::format("is no {}: its check digit does not fit", what), "a digit of it is wrong; ask the customer"};
}

// Whose country nobody knows is most likely a Pole here, and is told by which rules it was judged.
implausible_value as_polish(implausible_value found, std::string_view country) {
    if (country.empty()) {
        found.problem += " (by Polish rules, since the row has no country)";
    }
    return found;
}

constexpr std::size_t nip_digits = 10;

std::optional<implausible_value> check_nip(std::string_view digits) {
    if (digits.size() != nip_digits) {
        return implausible_value{
            fmt::format("has {}, and a Polish NIP has 10", counted(digits.size(), "digit")),
            "look whether a spreadsheet took one off, or write the country's letters before it if it "
            "is a foreign one"};
    }
    return is_nip(digits) ? std::nullopt : std::optional(wrong_check_digit("NIP"));
}

// `rest` is what stands behind the country's letters, in capitals.
std::optional<implausible_value> check_vat_number(std::string_view country, std::string_view rest) {
    const auto* rule = std::find_if(vat_rules.begin(), vat_rules.end(),
                                    [&](const vat_rule& r) { return r.country == (country == "GR" ? "EL" : country); });
    if (rule == vat_rules.end()) {
        return std::nullopt;
    }
    if (!has_any_form(rest, rule->forms)) {
        return implausible_value{fmt::format("has not the form of a VAT number of {}", rule->country),
                                 "compare it with the customer's papers"};
    }
    if (rule->check != nullptr && !rule->check(rest)) {
        return wrong_check_digit("VAT number");
    }
    return std::nullopt;
}

}  // namespace

plausibility check_tax_id(std::string_view tax_id, std::string_view country) {
    const std::string id = ascii_upper(tax_id);
    // "brak", "-": every country's tax ids have digits.
    if (!id.empty() && std::none_of(id.begin(), id.end(), is_digit)) {
        return {.doubt =
                    implausible_value{"is no tax id: it has no digit", "leave the cell blank where there is none"}};
    }
    // The column's name, written before its number.
    for (const std::string_view word : {"NIP", "VATUE", "VAT", "REGON"}) {
        if (id.starts_with(word)) {
            return {.doubt = implausible_value{fmt::format("begins with the word {}", word),
                                               "write the number alone into the cell"}};
        }
    }
    // Numbers of other systems may begin with letters as well; a country that the table lacks is not judged.
    const bool has_letters = id.size() > 2 && id[0] >= 'A' && id[0] <= 'Z' && id[1] >= 'A' && id[1] <= 'Z';
    if (has_letters) {
        return {.doubt = check_vat_number(std::string_view(id).substr(0, 2), std::string_view(id).substr(2))};
    }
    // Without a country ten digits are taken for a NIP; other numbers could be anybody's.
    const bool is_polish = country == "PL" || (country.empty() && id.size() == nip_digits);
    if (!is_polish || !all_digits(id)) {
        return {.doubt = {}, .is_judged = false};
    }
    const auto found = check_nip(id);
    return {.doubt = found ? std::optional(as_polish(*found, country)) : std::nullopt};
}

namespace {

// 00-950, or without its dash.
bool is_polish_postcode(std::string_view postcode) {
    return has_any_form(postcode, "99-999 99999");
}

// Of another country, though it has a dash: 1000-001 in Portugal, D-10115, LV-1010.
bool is_foreign_with_dash(std::string_view postcode) {
    const std::size_t dash = postcode.find('-');
    const std::string_view behind = postcode.substr(dash + 1);
    const bool is_prefixed =
        dash >= 1 && dash <= 2 &&
        std::none_of(postcode.begin(), postcode.begin() + static_cast<std::ptrdiff_t>(dash), is_digit);
    return has_form(postcode, "9999-999") || (is_prefixed && behind.size() >= 4);
}

}  // namespace

plausibility check_postcode(std::string_view postcode, std::string_view country) {
    // 02-12, AB-123: what has a dash was meant as a Polish one.
    const bool has_dash = postcode.find('-') != std::string_view::npos;
    const bool has_digit = std::any_of(postcode.begin(), postcode.end(), is_digit);
    const bool is_malformed = country == "PL" ? !all_digits(postcode) && !is_polish_postcode(postcode)
                                              : country.empty() && has_dash && !is_polish_postcode(postcode) &&
                                                    !is_foreign_with_dash(postcode);
    if (!postcode.empty() && is_malformed) {
        return {.doubt = as_polish({"is no Polish postcode", "write it as 00-950"}, country)};
    }
    // A few countries' postcodes are letters alone (GI, FK, SH), but no word.
    if (country.empty() && !postcode.empty() && !has_digit) {
        return {.doubt =
                    implausible_value{"is no postcode: it has no digit", "leave the cell blank where there is none"}};
    }
    // Countries whose postcodes all have five digits, so that fewer of them mean lost zeros. A Polish one without its
    // dash is among them.
    constexpr std::array<std::string_view, 12> five_digits = {"PL", "DE", "FR", "IT", "ES", "CZ",
                                                              "SK", "FI", "SE", "EE", "HR", "LT"};
    const bool known =
        country.empty() || std::find(five_digits.begin(), five_digits.end(), country) != five_digits.end();
    if (!known || !all_digits(postcode) || postcode.size() > 4) {
        return {.doubt = {}, .is_judged = is_polish_postcode(postcode)};
    }
    return {.doubt =
                as_polish({fmt::format("has {}, and postcodes of {} have 5: a spreadsheet took its zeros off, it seems",
                                       counted(postcode.size(), "digit"), country.empty() ? "PL" : country),
                           "format the column as text and put the postcodes in again"},
                          country)};
}

namespace {

// What people write into a cell where there is nothing, in Polish, English and German: in small letters, without
// spaces.
constexpr std::array<std::string_view, 43> words_for_nothing = {
    "brak", "brakdanych", "brakadresu", "brakfirmy", "bd",   "b/d",    "b.d.",  "nd",          "n/d",
    "n.d.", "niedotyczy", "niema",      "niepodano", "n/a",  "none",   "null",  "unknown",     "nieznany",
    "-",    "--",         "---",        "----",      ".",    "..",     "...",   "?",           "??",
    "???",  "x",          "xx",         "xxx",       "xxxx", "k.a.",   "keine", "keineangabe", "unbekannt",
    "_",    "nieznana",   "nieznane",   "brakuwag",  "*",    "\u2013", "\u2014"};

// Every cell of every row is asked for, so without ICU: the words are ASCII, but for two dashes.
bool is_word_for_nothing(std::string_view text) {
    constexpr std::size_t longest = 16;
    constexpr std::string_view beginnings = "bBnNuUkKxX-._?*\xE2";
    if (text.size() > longest || text.empty() || beginnings.find(text.front()) == std::string_view::npos) {
        return false;
    }
    std::array<char, longest> folded_text{};
    std::size_t length = 0;
    for (const char c : text) {
        if (c != ' ') {
            folded_text[length++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        }
    }
    return std::find(words_for_nothing.begin(), words_for_nothing.end(),
                     std::string_view(folded_text.data(), length)) != words_for_nothing.end();
}

}  // namespace

std::optional<implausible_value> check_text(std::string_view text) {
    if (is_word_for_nothing(text)) {
        return implausible_value{"is a word for \"nothing\", and is sent as it stands",
                                 "leave the cell blank, or name such words: [source] blank = [\"brak\", \"-\"]"};
    }
    // As rejects files and other exports guard a cell that a spreadsheet would take for a formula.
    if (text.size() > 1 && text[0] == '\'' && std::string_view("=+-@").find(text[1]) != std::string_view::npos) {
        return implausible_value{"begins with the apostrophe that guards a cell from a spreadsheet",
                                 "take it out; of a rejects file, leave its columns line, code and message in"};
    }
    return std::nullopt;
}

}  // namespace baseload
