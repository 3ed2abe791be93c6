#include "baseload/plan/create_lookup.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace baseload;
using std::chrono::milliseconds;
using kind = lookup_step::kind;

namespace {

const client_fields anna = {{field_code::login, std::string("K1")},
                            {field_code::email, std::string("anna@example.pl")},
                            {field_code::notes, std::string("called on Monday")},
                            {field_code::invoice_tax_id, std::string("5260250995")}};

listed_client listed(std::int64_t id, const std::string& login, const std::string& email) {
    return {id,
            {{field_code::login, login}, {field_code::email, email}, {field_code::invoice_tax_id, "526-025-09-95"}}};
}

bool nobodys(const listed_client& /*client*/) {
    return false;
}

// Everything newer than client 5 may be it. Her key is the login.
lookup_subject subject(const client_fields& sent = anna, std::optional<std::int64_t> newest_id = 5) {
    return {.key = "K1", .sent = sent, .newest_id = newest_id, .is_ahead = false};
}

// The look-up in an account of these clients alone, which it lists whatever it is asked for.
lookup_step in_account(const lookup_subject& what, const std::vector<listed_client>& clients,
                       const std::function<bool(const listed_client&)>& is_anothers = nobodys) {
    create_lookup search(what, milliseconds(0));
    for (lookup_step next = search.next({}); next.what == kind::ask; next = search.next({})) {
        search.listed(next.page == 1 ? clients : std::vector<listed_client>{}, is_anothers);
    }
    return search.next({});
}

lookup_step after(const std::vector<listed_client>& clients,
                  const std::function<bool(const listed_client&)>& is_anothers = nobodys) {
    return in_account(subject(), clients, is_anothers);
}

}  // namespace

TEST_CASE("a create is searched for by the field that carries its key, then by its most telling texts, three at most") {
    const auto searches = [](const std::string& key, const client_fields& sent) {
        std::string all;
        for (const client_search& s : searches_for(key, sent)) {
            all += field_name(s.field) + "=" + s.value + ";";
        }
        return all;
    };
    const auto text = [](const char* t) { return field_value(std::string(t)); };
    CHECK(searches("K1", anna) == "login=K1;email=anna@example.pl;invoice_tax_id=5260250995;");
    CHECK(searches("other", anna) == "email=anna@example.pl;login=K1;invoice_tax_id=5260250995;");
    CHECK(searches("x", {{field_code::notes, text("n")}, {field_code::invoice_city, text("c")}}).empty());
    // The longest piece that no form of the text changes; a piece in too many clients is none.
    CHECK(searches("x", {{field_code::invoice_company, text("Müller & Söhne Handel")}}) == "invoice_company=Handel;");
    CHECK(searches("x", {{field_code::phone, text("+48 600700800")}}) == "phone=600700800;");
    CHECK(searches("x", {{field_code::invoice_fullname, text("Ż & Ó")}}).empty());
    CHECK(searches("x", {{field_code::login, text("7")}}) == "login=7;");
}

TEST_CASE("nothing is asked before the request must have been carried out or never will be") {
    const create_lookup search(subject(), milliseconds(30'000));
    CHECK(search.next(milliseconds(1)).what == kind::wait);
    CHECK(search.next(milliseconds(1)).wait == milliseconds(29'999));
    CHECK(search.next(milliseconds(30'000)).what == kind::ask);
    CHECK(search.next(milliseconds(30'000)).page == 1);
}

TEST_CASE("which client a create became") {
    struct example {
        const char* what;
        std::vector<listed_client> clients;
        kind found;
        std::vector<std::int64_t> named;
        std::optional<std::int64_t> newest_id = 5;
    };
    const example examples[] = {
        {"nobody", {}, kind::absent, {}},
        {"the very client", {listed(7, "K1", "anna@example.pl")}, kind::linked, {7}},
        {"its key, whatever else staff edited", {listed(7, "K1", "new@example.pl")}, kind::linked, {7}},
        {"its key in another form", {listed(7, " k1", "Anna@Example.pl")}, kind::linked, {7}},
        {"staff edited the key", {listed(7, "K1-old", "anna@example.pl")}, kind::held, {7}},
        {"somebody else with her e-mail", {listed(7, "K2", "anna@example.pl")}, kind::held, {7}},
        {"a text that merely holds hers", {{7, {{field_code::email, "xanna@example.pl"}}}}, kind::absent, {}},
        {"somebody with her e-mail, and without her key",
         {{7, {{field_code::email, "anna@example.pl"}}}},
         kind::held,
         {7}},
        {"shows nothing to compare", {{7, {}}}, kind::absent, {}},
        {"two with her key", {listed(7, "K1", "a@b.pl"), listed(9, "K1", "c@d.pl")}, kind::held, {7, 9}},
        {"one with her key, one with her e-mail",
         {listed(7, "K2", "anna@example.pl"), listed(9, "K1", "c@d.pl")},
         kind::linked,
         {9}},
        {"there before, and the same", {listed(3, "K1", "anna@example.pl")}, kind::held, {3}},
        {"there before, and not the same", {listed(3, "K1", "new@example.pl")}, kind::absent, {}},
        {"there before, with her e-mail", {listed(3, "K2", "anna@example.pl")}, kind::absent, {}},
        {"one before and hers", {listed(3, "K1", "anna@example.pl"), listed(7, "K1", "x")}, kind::linked, {7}},
        {"nobody knows what is new", {listed(7, "K1", "anna@example.pl")}, kind::held, {7}, std::nullopt},
        {"nor what is like her", {listed(7, "K2", "anna@example.pl")}, kind::held, {7}, std::nullopt},
    };
    for (const example& e : examples) {
        CAPTURE(e.what);
        const lookup_step found = in_account(subject(anna, e.newest_id), e.clients);
        CHECK(found.what == e.found);
        CHECK(found.clients == e.named);
        CHECK(found.why.empty() == (e.found != kind::held));
    }
}

TEST_CASE("a key that another create in doubt has in another form proves nothing: all else must be the same") {
    lookup_subject shared = subject();
    shared.is_key_shared = true;
    const lookup_step other = in_account(shared, {listed(7, "k1", "other@example.pl")});
    CHECK(other.what == kind::held);
    CHECK(other.clients == std::vector<std::int64_t>{7});
    const lookup_step own =
        in_account(shared, {listed(7, "k1", "other@example.pl"), listed(8, "k1", "Anna@example.pl")});
    CHECK(own.what == kind::linked);
    CHECK(own.clients == std::vector<std::int64_t>{8});
}

TEST_CASE("a create is known by all that it sent, where its key is in no field; a client of another row never is") {
    const client_fields no_key = {{field_code::email, std::string("anna@example.pl")},
                                  {field_code::invoice_fullname, std::string("Anna & Söhne")}};
    const auto shown = [](std::int64_t id, const std::string& name) {
        return listed_client{id, {{field_code::email, "anna@example.pl"}, {field_code::invoice_fullname, name}}};
    };
    CHECK(in_account(subject(no_key), {shown(7, "Anna &amp;  SÖHNE")}).what == kind::linked);
    CHECK(in_account(subject(no_key), {shown(7, "Anna So\u0308hne")}).what == kind::held);
    CHECK(in_account(subject(no_key), {shown(7, "Anna & So\u0308hne")}).what == kind::linked);
    CHECK(in_account(subject(no_key), {shown(7, "Anna & Söhne"), shown(8, "Anna & Söhne")}).what == kind::held);
    CHECK(after({listed(7, "K1", "a@b.pl")}, [](const listed_client& c) { return c.crm_client_id == 7; }).what ==
          kind::absent);
    CHECK(in_account(subject({{field_code::star, std::int64_t{3}}}), {}).what == kind::unsearchable);
}

TEST_CASE("a create that has not left is looked for among clients of any age") {
    lookup_subject ahead = subject(anna, std::nullopt);
    ahead.is_ahead = true;
    CHECK(in_account(ahead, {listed(3, "K1", "x")}).what == kind::linked);
    CHECK(in_account(ahead, {}).what == kind::absent);
    ahead.key = "in no field";
    CHECK(in_account(ahead, {listed(3, "K2", "anna@example.pl")}).what == kind::held);
}

TEST_CASE("pages of any size are read until one brings nothing new, but not without end") {
    create_lookup search(subject(), milliseconds(0));
    search.listed({listed(10, "other", "x")}, nobodys);
    CHECK(search.next({}).page == 2);
    search.listed({listed(10, "other", "x")}, nobodys);  // a service that repeats its last page for ever
    CHECK(search.next({}).page == 1);
    CHECK(search.search().field == field_code::email);
    search.begin_again(milliseconds(5));
    CHECK(search.next(milliseconds(0)).what == kind::wait);
    CHECK(search.next(milliseconds(5)).page == 1);
    CHECK(search.search().field == field_code::login);

    create_lookup shared({.key = "1", .sent = {{field_code::login, std::string("1")}}, .newest_id = 5},
                         milliseconds(0));
    std::int64_t id = 1000;
    unsigned pages = 0;
    for (; shared.next({}).what == kind::ask; ++pages) {
        shared.listed({listed(id++, "x1x", "")}, nobodys);
    }
    CHECK(pages == create_lookup::max_pages);
    CHECK(shared.next({}).what == kind::held);  // too many share the text
}

TEST_CASE("what a client shows as it was sent is confirmed, field by field") {
    listed_client there = listed(7, "K9", "anna@example.pl");
    there.fields[field_code::notes] = " called on Monday\r\n";
    const sent_fields equal = confirmed(there, anna);
    CHECK(equal.size() == 3);
    CHECK_FALSE(equal.contains(field_code::login));
    CHECK(equal.at(field_code::email) == content_hash_of("anna@example.pl"));
    const client_fields blank = {{field_code::star, std::int64_t{0}}, {field_code::phone, std::string()}};
    CHECK(confirmed({7, {{field_code::star, "0"}, {field_code::phone, ""}}}, blank).size() == 2);
}

TEST_CASE("a client that shows a text which was not sent may be another create's") {
    listed_client there = listed(7, "K1", "anna@example.pl");
    there.fields[field_code::status_id] = "1";  // the service sets these by itself
    there.fields[field_code::invoice_country_code] = "PL";
    CHECK_FALSE(shows_more(there, anna));
    there.fields[field_code::invoice_company] = "Firma";
    CHECK(shows_more(there, anna));
}

namespace {

// An account in which the create was carried out or not, at a random moment before it is settled, among clients that
// were there before and clients of others that are newer, some of which look alike.
class account {
public:
    explicit account(std::uint64_t seed) : random_(seed) {
        const int before = draw(0, 350);
        for (int i = 0; i < before; ++i) {
            add("K" + std::to_string(draw(2, 50)), draw(0, 1) == 0 ? "anna@example.pl" : "x@y.pl");
        }
        newest_id = next_id_ - 1;
        const int later = draw(0, 3);
        for (int i = 0; i < later; ++i) {
            strangers_alike += add("K9", draw(0, 1) == 0 ? "anna@example.pl" : "x@y.pl") ? 1 : 0;
        }
        carried_out_at = draw(0, 2) == 0 ? milliseconds(-1) : milliseconds(draw(0, 30'000));
    }

    void pass(milliseconds now) {
        if (carried_out_at.count() >= 0 && now >= carried_out_at && own == 0) {
            own = next_id_;
            add("K1", draw(0, 1) == 0 ? "anna@example.pl" : "edited@example.pl");
        }
    }

    [[nodiscard]] std::vector<listed_client> page(unsigned number) const {
        const std::size_t first = (number - 1) * page_size;
        std::vector<listed_client> shown;
        for (std::size_t i = first; i < clients.size() && shown.size() < page_size; ++i) {
            shown.push_back(clients[i]);
        }
        return shown;
    }

    // True when it shows her e-mail.
    bool add(const std::string& login, const std::string& email) {
        clients.insert(clients.begin() + draw(0, static_cast<int>(clients.size())), listed(next_id_++, login, email));
        clients.back().fields.erase(field_code::invoice_tax_id);
        for (listed_client& c : clients) {
            c.fields.erase(field_code::invoice_tax_id);
        }
        return email == "anna@example.pl";
    }

    int draw(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }

    std::size_t page_size = 50;
    std::vector<listed_client> clients;
    std::int64_t newest_id = 0;
    std::int64_t own = 0;
    int strangers_alike = 0;
    milliseconds carried_out_at{-1};

private:
    std::mt19937_64 random_;
    std::int64_t next_id_ = 1000;
};

}  // namespace

TEST_CASE(
    "whatever happens meanwhile, a look-up takes its own and no stranger, and sends nothing again that is there") {
    constexpr milliseconds settled{30'000};
    int linked = 0;
    int absent = 0;
    int held = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        account a(seed);
        create_lookup search(subject(anna, a.newest_id), settled);
        milliseconds now{0};
        lookup_step next;
        unsigned asked = 0;
        for (next = search.next(now); next.what == kind::wait || next.what == kind::ask; next = search.next(now)) {
            if (next.what == kind::wait) {
                CHECK(asked == 0);
                now += std::min(next.wait, milliseconds(a.draw(1, 9'000)));
                a.pass(now);
                continue;
            }
            REQUIRE(now >= settled);
            REQUIRE(++asked < 40);
            search.listed(a.page(next.page), nobodys);
            now += milliseconds(a.draw(1, 500));
            if (a.draw(0, 20) == 0) {
                search.begin_again(now);  // a twin was under way
                asked = 0;
            }
        }
        if (a.own != 0) {
            REQUIRE(next.what == kind::linked);
            CHECK(next.clients == std::vector<std::int64_t>{a.own});
            ++linked;
        } else if (a.strangers_alike > 0) {
            CHECK(next.what == kind::held);
            ++held;
        } else {
            CHECK(next.what == kind::absent);
            ++absent;
        }
    }
    CHECK(linked > 50);
    CHECK(absent > 20);
    CHECK(held > 50);
}
