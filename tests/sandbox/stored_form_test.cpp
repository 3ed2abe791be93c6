#include "sandbox/stored_form.hpp"

#include "support/error_of.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace baseload;
using baseload::sandbox::stored_form;

TEST_CASE("texts are stored in the form that was asked for") {
    struct example {
        const char* changes;
        const char* field;
        const char* text;
        const char* stored;
    };
    const example examples[] = {
        {"", "notes", " a\t &\u200Bb ", " a\t &\u200Bb "},
        {"escape", "login", "<a> & \"b\" 'c'", "&lt;a&gt; &amp; &quot;b&quot; &#039;c&#039;"},
        {"escape", "login", "Jan &amp; Syn", "Jan &amp;amp; Syn"},
        {"collapse", "notes", "  linia 1\r\n\tlinia\u00A0 2 ", "linia 1 linia 2"},
        {"nfd", "invoice_city", "Żółw", "Z\u0307o\u0301łw"},
        {"nfc", "invoice_city", "Z\u0307o\u0301łw", "Żółw"},
        {"upper", "email", "anna@straße.pl", "ANNA@STRASSE.PL"},
        {"lower", "login", "ŁÓDŹ-7", "łódź-7"},
        {"phone", "phone", "+48 (22) 600-700\u2013800", "+4822600700800"},
        {"phone", "login", "(22) 600-700", "(22) 600-700"},
        {"strip", "notes",
         "a\u200Bb\u00ADc\x07"
         "d\r\ne\uFEFF",
         "abcde"},
        {"strip,collapse", "login", " \u200B a \u200B b", "a b"},
        {"escape,upper,nfd", "login", "Ó&o", "O\u0301&amp;O"},
    };
    for (const example& e : examples) {
        CAPTURE(std::string(e.changes));
        CAPTURE(std::string(e.text));
        CHECK(stored_form(e.changes).of(e.field, e.text) == e.stored);
    }
}

TEST_CASE("a change that does not exist is refused with the nearest that does, and so are two that undo each other") {
    struct example {
        const char* changes;
        const char* said;
    };
    for (const example& e :
         {example{"escape,uper", R"("uper" is not a change (did you mean "upper"?))"},
          example{"escape,,nfd", "\"\" is not a change"}, example{"upper,nfd,lower", "upper and lower undo each other"},
          example{"nfd,nfc", "nfc and nfd undo each other"}}) {
        CAPTURE(std::string(e.changes));
        CHECK(test::contains(test::error_of([&] { stored_form{e.changes}; }), e.said));
    }
}
