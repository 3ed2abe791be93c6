#include "alphabet.hpp"

#include <numeric>

namespace baseload {
namespace {

// Counts of prose, rounded: what is published for a language differs by a tenth and more. Names are other prose, which
// is why a decision wants a margin (encoding_by_letters).
constexpr std::array<alphabet, 14> known = {{
    {"Polish", u"ąćęłńóśźż", {99, 40, 111, 182, 20, 85, 66, 6, 83}},
    {"German", u"äöüß", {58, 44, 100, 31}},
    {"Czech", u"áčďéěíňóřšťúůýž", {224, 95, 2, 133, 165, 327, 8, 3, 121, 82, 4, 10, 69, 107, 100}},
    {"Slovak", u"áäčďéíĺľňóôŕšťúýž", {220, 10, 100, 20, 95, 130, 1, 40, 20, 20, 20, 1, 95, 60, 95, 110, 90}},
    {"Hungarian", u"áéíóöőúüű", {340, 390, 47, 65, 81, 88, 22, 55, 14}},
    {"Slovenian or Croatian", u"čćđšž", {120, 35, 12, 90, 60}},
    {"Romanian", u"ăâîşţ", {240, 90, 140, 160, 120}},
    {"French", u"àâæçèéêëîïôœùûüÿ", {49, 5, 1, 9, 27, 150, 22, 1, 5, 1, 2, 2, 6, 6, 1, 1}},
    {"Spanish", u"áéíñóúü", {50, 43, 72, 31, 83, 17, 1}},
    {"Italian", u"àèéìîòóù", {64, 26, 3, 3, 1, 1, 1, 17}},
    {"Portuguese", u"àáâãçéêíóôõú", {7, 12, 56, 73, 53, 34, 45, 13, 30, 5, 4, 21}},
    {"Swedish", u"åäöé", {134, 180, 131, 2}},
    {"Danish or Norwegian", u"åæøéäö", {130, 65, 90, 2, 1, 1}},
    {"Dutch", u"áéëïóöü", {2, 6, 10, 2, 2, 1, 2}},
}};

// One letter in so many may be of another language.
constexpr double foreign_share = 0.001;

}  // namespace

double alphabet::share_of(char16_t letter) const {
    const std::size_t at = letters.find(letter);
    return at == std::u16string_view::npos
               ? foreign_share
               : frequencies.at(at) / std::accumulate(frequencies.begin(), frequencies.end(), 0.0);
}

const std::array<alphabet, 14>& alphabets() {
    return known;
}

}  // namespace baseload
