#include "baseload/core/text.hpp"
#include "baseload/mapping/suggestion.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace baseload {
namespace {

// A field is the API's name, or (with a space in it) a kind of column that several fields or the key are made of.
struct alias {
    std::string_view field;
    std::string_view names;  // in plain letters, without spaces and signs, parted by spaces
};

constexpr std::array<alias, 21> aliases = {{
    {"login", "login nick username user benutzer benutzername uzytkownik nazwauzytkownika"},
    {"email", "email mail adresemail emailadres emailaddress emailadresse adrespocztyelektronicznej poczta"},
    {"phone", "telefon tel phone phonenumber numertelefonu nrtelefonu telefonkomorkowy komorka mobile mobil handy "
              "telefonnummer telefon1 nrtel telkom telkomorkowy"},
    {"notes", "uwagi notatki notatka opis komentarz notes note comment comments remarks bemerkung bemerkungen notiz"},
    {"invoice_company", "firma nazwafirmy company companyname firmenname unternehmen kontrahent nazwakontrahenta "
                        "nazwaklienta nazwa nazwapelna nazwa1"},
    {"invoice_fullname", "imieinazwisko imienazwisko nazwiskoiimie fullname name klient customer customername kunde "
                         "kundenname osobakontaktowa contact ansprechpartner"},
    {"invoice_address", "adres ulica ulicainumer ulicainr ulicanumer ulicanr ulicainrdomu ulicanrdomu address address1 "
                        "street streetaddress strasse anschrift "
                        "adresse strassehausnummer"},
    {"invoice_postcode", "kodpocztowy kodpoczt kodp postcode postalcode zip zipcode plz postleitzahl"},
    {"invoice_city", "miasto miejscowosc city town ort stadt wohnort poczta2"},
    {"invoice_state", "wojewodztwo woj state province region bundesland"},
    {"invoice_country_code", "kraj kodkraju panstwo country countrycode land landercode laendercode krajiso"},
    {"invoice_tax_id", "nip numernip nrnip taxid vatid vat vatno vatnumber vatue nipue ustid ustidnr umsatzsteuerid "
                       "steuernummer"},
    {"status_id", "statusid idstatusu"},
    {"star", "gwiazdka gwiazdki star stars sterne"},
    {"first name", "imie firstname vorname givenname imiona"},
    {"last name", "nazwisko lastname surname nachname familyname"},
    {"house number", "nrdomu numerdomu housenumber hausnummer nrbudynku numerbudynku"},
    {"flat number", "nrlokalu numerlokalu nrmieszkania numermieszkania flat apartment wohnung"},
    {"name of a status", "status statusklienta kundenstatus customerstatus"},
    {"customer number", "kod id nr numer numerklienta nrklienta kodklienta idklienta symbol akronim customerid "
                        "customerno customernumber clientid kundennummer kundennr kundenid code erpid externalid"},
    {"row number", "lp lpp poz pozycja wiersz row rownumber lfd lfdnr"},
}};

// Cut out of a name that is not known as a whole: "Miasto dostawy" is "miasto" for the delivery.
constexpr std::array<std::string_view, 6> delivery_words = {"dostawa",  "dostawy",  "wysylki",
                                                            "delivery", "shipping", "liefer"};
constexpr std::array<std::string_view, 6> invoice_words = {"faktura", "faktury", "fakturowy",
                                                           "invoice", "billing", "rechnung"};

std::string letters_of(std::string_view column) {
    // Without accents, case and white space; the signs are those that exports put into headers.
    std::string letters = plain_folded(column);
    std::erase_if(letters, [](char c) { return std::string_view("-_./()*:'\"#").find(c) != std::string_view::npos; });
    return letters;
}

const std::map<std::string, std::string_view, std::less<>>& all_names() {
    static const auto names = [] {
        std::map<std::string, std::string_view, std::less<>> found;
        for (const alias& a : aliases) {
            for (std::string_view rest = a.names; !rest.empty();) {
                const std::size_t end = std::min(rest.find(' '), rest.size());
                // A name that stands twice keeps its first field.
                found.emplace(rest.substr(0, end), a.field);
                rest.remove_prefix(std::min(end + 1, rest.size()));
            }
        }
        return found;
    }();
    return names;
}

// Without the word, or nothing when it does not have it.
template <std::size_t Count>
std::string without_word(const std::string& letters, const std::array<std::string_view, Count>& words) {
    for (const std::string_view word : words) {
        if (const std::size_t at = letters.find(word); at != std::string::npos) {
            std::string rest = letters;
            return rest.erase(at, word.size());
        }
    }
    return {};
}

std::string_view delivery_field(std::string_view invoice_field) {
    static const std::map<std::string_view, std::string_view> fields = {
        {"invoice_company", "delivery_company"},
        {"invoice_fullname", "delivery_fullname"},
        {"invoice_address", "delivery_address"},
        {"invoice_postcode", "delivery_postcode"},
        {"invoice_city", "delivery_city"},
        {"invoice_state", "delivery_state"},
        {"invoice_country_code", "delivery_country_code"}};
    const auto found = fields.find(invoice_field);
    return found == fields.end() ? std::string_view{} : found->second;
}

}  // namespace

std::string_view field_by_header(std::string_view column) {
    const std::string letters = letters_of(column);
    const auto& names = all_names();
    if (const auto found = names.find(letters); found != names.end()) {
        return found->second;
    }
    // A name with words of both kinds is the delivery's.
    if (const std::string rest = without_word(letters, delivery_words); !rest.empty()) {
        const auto found = names.find(rest);
        return found == names.end() ? std::string_view{} : delivery_field(found->second);
    }
    if (const std::string rest = without_word(letters, invoice_words); !rest.empty()) {
        const auto found = names.find(rest);
        return found == names.end() ? std::string_view{} : found->second;
    }
    return {};
}

}  // namespace baseload
