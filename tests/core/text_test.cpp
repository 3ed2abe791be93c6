#include "baseload/core/text.hpp"

#include <doctest/doctest.h>

using namespace baseload;

TEST_CASE("lengths count characters, not bytes") {
    CHECK(code_points("") == 0);
    CHECK(code_points("abc") == 3);
    CHECK(code_points("Zażółć") == 6);
    CHECK(code_points("😀") == 1);
}

TEST_CASE("a text is never cut inside a character") {
    CHECK(head_code_points("Zażółć", 4) == "Zażó");
    CHECK(head_code_points("Za", 4) == "Za");
    CHECK(head_bytes("Zażółć", 3) == "Za");  // ż has two bytes
    CHECK(head_bytes("Zażółć", 4) == "Zaż");
    CHECK(head_bytes("ab", 9) == "ab");
}

TEST_CASE("trimming takes no-break and zero-width characters too") {
    CHECK(trimmed("  a b\t") == "a b");
    CHECK(trimmed("\u00A0\u200B x \uFEFF\u202F") == "x");
    CHECK(trimmed("\u00A0") == "");
    CHECK(trimmed("") == "");
    CHECK(trimmed("ż ") == "ż");
}

TEST_CASE("characters beyond the BMP become question marks and are counted") {
    std::string text = "a😀b😀";
    CHECK(replace_beyond_bmp(text) == 2);
    CHECK(text == "a?b?");
    std::string plain = "Zażółć €";
    CHECK(replace_beyond_bmp(plain) == 0);
    CHECK(plain == "Zażółć €");
}

TEST_CASE("quoted texts stay on one line and are cut") {
    CHECK(in_quotes("a\nb\t\x01") == "\"a\\nb\\t\\x01\"");
    const std::string shown = in_quotes(std::string(100, 'x'));
    CHECK(shown == "\"" + std::string(60, 'x') + "…\"");
}

TEST_CASE("numbers and lists for people") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(1234567) == "1,234,567");
    CHECK(counted(1, "row") == "1 row");
    CHECK(counted(0, "row") == "0 rows");
    CHECK(listed({"a"}) == "a");
    CHECK(listed({"a", "b", "c"}) == "a, b and c");
}

TEST_CASE("texts that differ only by case or white space fold to one") {
    CHECK(folded("Zażółć 1") == folded("ZAŻÓŁĆ\xC2\xA0"
                                       "1 "));
    CHECK(folded("K1") != folded("K2"));
}

TEST_CASE("a text becomes one word of a shell, whatever it holds") {
    CHECK(shell_word("K-1_a.b/c") == "K-1_a.b/c");
    CHECK(shell_word("K 1") == "'K 1'");
    CHECK(shell_word("it's $HOME") == "'it'\\''s $HOME'");
    CHECK(shell_word("") == "''");
}

TEST_CASE("a secret is shown in no part of 12 characters or more") {
    const std::string secret = "3001234-5678901-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    CHECK(redacted("X-BLToken: " + secret + "!", secret) == "X-BLToken: [token]!");
    CHECK(redacted("X-BLToken: " + secret.substr(0, 20), secret) == "X-BLToken: [token]");
    CHECK(redacted(secret.substr(5, 12) + " and " + secret.substr(20), secret) == "[token] and [token]");
    CHECK(redacted("3001234-567", secret) == "3001234-567");  // too little to help anybody
    CHECK(redacted("a short one", "short") == "a [token] one");
    CHECK(redacted("nothing", "") == "nothing");
}
