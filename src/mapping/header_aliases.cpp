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
    {"login", "login nick username user benutzer benutzername uzytkownik nazwauzytkownika "
              "loginkupujacego loginklienta loginallegro nazwakonta kontouzytkownika "
              "pseudonim accountname kontoname mitgliedsname userid useridentifier"},
    {"email", "email mail adresemail emailadres emailaddress emailadresse "
              "adrespocztyelektronicznej poczta adresmail mailadres adrespoczty "
              "pocztaelektroniczna emailklienta emailkupujacego emailkontaktowy emaildofaktur "
              "mailkontaktowy adresmailowy emailfirmowy contactemail customeremail primaryemail "
              "emailid emailprivat emailgeschaeftlich mailadresse epost kontaktemail "
              "elektronischepost emailbilling adresemailowy"},
    {"phone", "telefon tel phone phonenumber numertelefonu nrtelefonu telefonkomorkowy komorka "
              "mobile mobil handy telefonnummer telefon1 nrtel telkom telkomorkowy "
              "telefonkontaktowy telefonklienta telefonkupujacego telefonfirmowy "
              "telefonstacjonarny nrtelkom nrkom numerkom numerkomorki nrkomorki nrkontaktowy "
              "telefonnr tel1 telefonglowny komorkowy gsm kontakttelefon phone1 phoneno "
              "contactphone customerphone mobilephone mobileno mobilenumber cell cellphone "
              "telephone telephonenumber tele telefon1firma telefonmobil mobiltelefon mobilnummer "
              "telefonprivat telefongeschaeftlich rufnummer festnetz fon"},
    {"notes", "uwagi notatki notatka opis komentarz notes note comment comments remarks bemerkung "
              "bemerkungen notiz dodatkoweinformacje informacje adnotacje adnotacja uwagaklienta "
              "uwagiklienta uwagiwewnetrzne komentarze description memo info additionalinfo "
              "customernote internalnote customernotes hinweis hinweise anmerkung anmerkungen "
              "kommentar vermerk beschreibung zusatzinfo"},
    {"invoice_company", "firma nazwafirmy company companyname firmenname unternehmen kontrahent "
                        "nazwakontrahenta nazwaklienta nazwa nazwapelna nazwa1 nazwakontr nazwafirma "
                        "firmanazwa nazwaodbiorcy nabywca odbiorca nazwanabywcy nazwakupujacego "
                        "przedsiebiorstwo podmiot nazwapodmiotu klientnazwa kontrahentnazwa "
                        "nazwapelnakontrahenta nazwaskrocona nazwaskroconafirmy pelnanazwa nazwadofaktury "
                        "organization organisation organisationname organizationname business businessname "
                        "legalname company1 firm firma1 name1 firmenbezeichnung organisationsname "
                        "gesellschaft betrieb"},
    {"invoice_fullname", "imieinazwisko imienazwisko nazwiskoiimie fullname name klient customer customername "
                         "kunde kundenname osobakontaktowa contact ansprechpartner osoba osobakontakt "
                         "imieinazwiskoklienta imieinazwiskokupujacego nazwiskoimie kontakt osobadokontaktu "
                         "przedstawiciel wlasciciel kupujacy klientimieinazwisko kontaktosoba contactname "
                         "contactperson customerfullname clientname buyer buyername recipient recipientname "
                         "displayname kontaktperson kontaktname vollername vornamenachname vorundnachname "
                         "inhaber empfaenger kaeufer"},
    {"invoice_address", "adres ulica ulicainumer ulicainr ulicanumer ulicanr ulicainrdomu ulicanrdomu "
                        "address address1 street streetaddress strasse anschrift adresse strassehausnummer "
                        "adresfirmy adresklienta adreskupujacego adressiedziby adreszamieszkania "
                        "adreszameldowania ulicalokal ulicanumerdomu ulicanrdomunrlokalu ulicainrlokalu "
                        "adresulica adreslinia1 liniaadresu1 siedziba addressline1 addressline street1 "
                        "streetname streetaddress1 streetandnumber billingstreet customeraddress "
                        "mailingaddress strassenr strasseundhausnummer strasseundnr strassenname "
                        "adresszeile1 adresse1 hausanschrift"},
    {"invoice_postcode", "kodpocztowy kodpoczt kodp postcode postalcode zip zipcode plz postleitzahl "
                         "kodpocztowyklienta kodpocztowyfirmy kodpoczta pna kodmiejscowosci postcodezip "
                         "postalzip zippostalcode zippostcode postal billingzip plznr plzort1"},
    {"invoice_city", "miasto miejscowosc city town ort stadt wohnort poczta2 miastoklienta "
                     "miejscowoscklienta miastofirmy adresmiasto locality municipality cityname "
                     "towncity placeofresidence gemeinde ortschaft stadtname"},
    {"invoice_state", "wojewodztwo woj state province region bundesland wojewodztwoklienta prowincja "
                      "regionkraju county provincecode statecode stateprovince kanton"},
    {"invoice_country_code", "kraj kodkraju panstwo country countrycode land landercode laendercode krajiso "
                             "krajklienta kodkrajuiso nazwakraju krajfirmy iso2 countryiso countryiso2 "
                             "countryname billingcountry nation landiso staat laendername"},
    {"invoice_tax_id", "nip numernip nrnip taxid vatid vat vatno vatnumber vatue nipue ustid ustidnr "
                       "umsatzsteuerid steuernummer nipklienta nipfirmy nipkontrahenta nipnabywcy "
                       "numeridentyfikacjipodatkowej nrpodatkowy numerpodatkowy idpodatkowy nipregon "
                       "nipeuropejski vatnip taxnumber taxno taxidentificationnumber tin "
                       "vatregistrationnumber vatregno euvat euvatid euustid ustidnummer ustnr "
                       "umsatzsteuernummer umsatzsteueridentifikationsnummer uid uidnummer"},
    {"status_id", "statusid idstatusu numerstatusu"},
    {"star", "gwiazdka gwiazdki star stars sterne ocena rating gwiazda bewertung"},
    {"first name", "imie firstname vorname givenname imiona imieklienta imiekupujacego imiekontaktu "
                   "pierwszeimie forename firstnames contactfirstname customerfirstname rufname"},
    {"last name", "nazwisko lastname surname nachname familyname nazwiskoklienta nazwiskokupujacego "
                  "nazwiskokontaktu contactlastname customerlastname zuname"},
    {"house number", "nrdomu numerdomu housenumber hausnummer nrbudynku numerbudynku nrbud numerbudynku1 "
                     "dom nrposesji numerposesji houseno buildingnumber buildingno streetnumber hausnr "
                     "nrhaus"},
    {"flat number", "nrlokalu numerlokalu nrmieszkania numermieszkania flat apartment wohnung lokal "
                    "mieszkanie nrm numermieszk flatno flatnumber apartmentno apartmentnumber apt unit "
                    "suite wohnungsnummer wohnungsnr"},
    {"name of a status", "status statusklienta kundenstatus customerstatus statuskontrahenta stanklienta "
                         "accountstatus clientstatus status1"},
    {"customer number", "kod id nr numer numerklienta nrklienta kodklienta idklienta symbol akronim "
                        "customerid customerno customernumber clientid kundennummer kundennr kundenid code "
                        "erpid externalid kodkontrahenta kodkontr idkontrahenta numerkontrahenta "
                        "nrkontrahenta symbolkontrahenta symbolklienta akronimkontrahenta kododbiorcy "
                        "idodbiorcy idzewnetrzne idwewnetrzne identyfikator identyfikatorklienta "
                        "numerewidencyjny nrewid indeks kodzewnetrzny kontonr nrkonta customercode "
                        "customernr custno custid clientno clientnumber clientcode accountid accountnumber "
                        "accountno contactid partnerid partnercode externalcode externalnumber refno "
                        "reference debitor debitorennummer debitornr kdnr kundennr1 kundenkennung matchcode "
                        "adressnummer"},
    {"row number", "lp lpp poz pozycja wiersz row rownumber lfd lfdnr nrwiersza numerwiersza "
                   "nrporzadkowy numerporzadkowy liczbaporzadkowa line lineno linenumber no rowno zeile "
                   "zeilennummer laufendenummer"},
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
