#include "baseload/plan/loose_text.hpp"

#include "baseload/core/field_table.hpp"
#include "baseload/core/text.hpp"
#include "baseload/core/utf8.hpp"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <utility>

namespace baseload {
namespace {

// Fewer would make numbers equal that have nothing but an ending in common.
constexpr std::size_t least_digits = 7;        // of a number that may stand without its country's code
constexpr std::size_t least_telling_part = 3;  // bytes: a shorter piece is in too many clients
constexpr std::int32_t dotless_i = 0x131;

// The escapes that PHP's htmlspecialchars writes, and their like, in small letters. White space does not count.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> escapes = {{{"&amp;", "&"},
                                                                                   {"&lt;", "<"},
                                                                                   {"&gt;", ">"},
                                                                                   {"&quot;", "\""},
                                                                                   {"&#39;", "'"},
                                                                                   {"&#039;", "'"},
                                                                                   {"&#x27;", "'"},
                                                                                   {"&apos;", "'"},
                                                                                   {"&nbsp;", ""}}};

// However often it was escaped: what is sent as "&amp;" may be stored as "&amp;amp;".
std::string unescaped(std::string_view text) {
    std::string plain;
    for (const char c : text) {
        plain += c;
        const auto* const escape = std::find_if(escapes.begin(), escapes.end(),
                                                [&](const auto& e) { return c == ';' && plain.ends_with(e.first); });
        if (escape != escapes.end()) {
            plain.replace(plain.size() - escape->first.size(), std::string::npos, escape->second);
        }
    }
    return plain;
}

// The characters that count; dotless i as i, whose capital is the same.
template <typename Predicate>
std::string only(std::string_view text, Predicate counts) {
    std::string kept;
    for (std::size_t at = 0; at < text.size();) {
        const std::int32_t c = next_character(text, at);
        if (counts(c)) {
            append_character(kept, c == dotless_i ? 'i' : c);
        }
    }
    return kept;
}

std::string loose_form(field_code field, const std::string& text) {
    std::string form = case_folded(text);
    // The service stores a ? for each of these (seen), and a key may still have them.
    static_cast<void>(replace_beyond_bmp(form));
    // Backslashes are what PHP's addslashes writes before quotes. Numbers are compared by letters and digits alone.
    form = only(form, [](std::int32_t c) { return u_isUWhiteSpace(c) == 0 && u_iscntrl(c) == 0 && c != '\\'; });
    form = unescaped(form);
    if (traits_of(field).is_digits) {
        form = only(form, [](std::int32_t c) { return u_isalnum(c) != 0; });
    }
    return case_folded(form);  // accents may have come to stand beside their letters
}

// The service has kept as much of it as the field holds.
// In characters, as the API's varchar limits count.
bool is_at_limit(field_code field, const std::string& shown) {
    const std::size_t limit = traits_of(field).limit;
    return limit > 0 && code_points(shown) >= limit;
}

bool is_accent_at(std::string_view text, std::size_t at) {
    return at < text.size() && (U_GET_GC_MASK(next_character(text, at)) & U_GC_M_MASK) != 0;
}

// One with and one without its country's code: 48600700800 and 600700800.
bool ends_alike(const std::string& one, const std::string& other) {
    return std::min(one.size(), other.size()) >= least_digits && (one.ends_with(other) || other.ends_with(one));
}

}  // namespace

bool loosely_equal(field_code field, const std::string& shown, const std::string& sent) {
    if (shown == sent) {
        return true;
    }
    const std::string one = loose_form(field, shown);
    const std::string other = loose_form(field, sent);
    return one == other || (is_at_limit(field, shown) && other.starts_with(one)) ||
           (traits_of(field).is_digits && ends_alike(one, other));
}

// No cut and no ending counts here: a key that is longer is another customer's. `login` stands for any field that is no
// number.
bool loosely_equal_keys(const std::string& shown, const std::string& key) {
    return shown == key || loose_form(field_code::login, shown) == loose_form(field_code::login, key);
}

// Only ASCII, and of its signs only those that no escape replaces: nothing that the service may store otherwise. White
// space parts too, since it may be stored in another form.
std::string stable_piece(field_code field, std::string_view text) {
    const std::string kept = as_service_keeps(field, std::string(text));
    const bool is_number = traits_of(field).is_digits;
    std::string_view best;
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= kept.size(); ++at) {
        // The space behind the end closes the last piece.
        const char c = at < kept.size() ? kept[at] : ' ';
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_mark = c == '@' || c == '.' || c == '_' || c == '-' || c == '/';
        if (is_digit(c) || is_letter || (is_mark && !is_number)) {
            continue;
        }
        // An accent may become one with its letter.
        const std::size_t end = at > begin && is_accent_at(kept, at) ? at - 1 : at;
        if (end - begin > best.size()) {
            best = std::string_view(kept).substr(begin, end - begin);
        }
        begin = at + 1;
    }
    // A short text that is one piece as a whole is still the best there is.
    const bool is_whole = best.size() == kept.size();
    return best.size() >= least_telling_part || is_whole ? std::string(best) : std::string{};
}

}  // namespace baseload
