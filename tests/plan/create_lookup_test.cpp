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

bool nobody(std::int64_t /*id*/) {
    return false;
}

// The look-up after one page that is not full.
lookup_step after(const std::vector<listed_client>& page, const std::function<bool(std::int64_t)>& is_taken = nobody) {
    create_lookup search(anna, milliseconds(0));
    search.listed(page, is_taken);
    return search.next(milliseconds(0));
}

}  // namespace

TEST_CASE("a create is searched for by the most telling text that was sent") {
    const auto field_of = [](const client_fields& sent) {
        const auto search = most_telling(sent);
        return search ? field_name(search->field) + "=" + search->value : "";
    };
    const auto text = [](const char* t) { return field_value(std::string(t)); };
    CHECK(field_of(anna) == "email=anna@example.pl");
    CHECK(field_of({{field_code::login, text("l")}, {field_code::phone, text("1")}}) == "login=l");
    CHECK(field_of({{field_code::phone, text("1")}, {field_code::invoice_tax_id, text("2")}}) == "invoice_tax_id=2");
    CHECK(field_of({{field_code::phone, text("1")}, {field_code::invoice_company, text("c")}}) == "phone=1");
    CHECK(field_of({{field_code::invoice_company, text("c")}, {field_code::invoice_fullname, text("f")}}) ==
          "invoice_company=c");
    CHECK(field_of({{field_code::invoice_fullname, text("f")}}) == "invoice_fullname=f");
    CHECK(field_of({{field_code::notes, text("n")}, {field_code::invoice_city, text("c")}}).empty());
    CHECK(field_of({{field_code::login, text("a\\b")}, {field_code::invoice_fullname, text("f")}}) ==
          "invoice_fullname=f");
}

TEST_CASE("nothing is asked before the request must have been carried out or never will be") {
    const create_lookup search(anna, milliseconds(30'000));
    CHECK(search.next(milliseconds(1)).what == kind::wait);
    CHECK(search.next(milliseconds(1)).wait == milliseconds(29'999));
    CHECK(search.next(milliseconds(30'000)).what == kind::ask);
    CHECK(search.next(milliseconds(30'000)).page == 1);
}

TEST_CASE("one client as it was sent is the create's, as the service stores its fields") {
    const lookup_step found = after({listed(7, "K1", "Anna@Example.pl")});
    CHECK(found.what == kind::linked);
    CHECK(found.clients == std::vector<std::int64_t>{7});
}

TEST_CASE("a client with any listed field otherwise, or of another row, is not") {
    CHECK(after({}).what == kind::absent);
    CHECK(after({listed(7, "K2", "anna@example.pl")}).what == kind::absent);
    CHECK(after({listed(7, "K1", "xanna@example.pl")}).what == kind::absent);
    CHECK(after({listed(7, "K1", "anna@example.pl")}, [](std::int64_t id) { return id == 7; }).what == kind::absent);
    CHECK(after({listed_client{7, {}}}).what == kind::absent);  // shows nothing to compare
}

TEST_CASE("several are for a person to decide") {
    const lookup_step found = after({listed(7, "K1", "anna@example.pl"), listed(9, "K1", "anna@example.pl")});
    CHECK(found.what == kind::ambiguous);
    CHECK(found.clients == std::vector<std::int64_t>{7, 9});
    CHECK(create_lookup({{field_code::star, std::int64_t{3}}}, milliseconds(0)).next({}).what == kind::unsearchable);
}

TEST_CASE("all pages are read, and a service that repeats its last one is not read for ever") {
    create_lookup search(anna, milliseconds(0));
    std::vector<listed_client> full;
    for (std::int64_t id = 1; id <= 100; ++id) {
        full.push_back(listed(id, "other", "anna@example.pl"));
    }
    search.listed(full, nobody);
    CHECK(search.next({}).what == kind::ask);
    CHECK(search.next({}).page == 2);
    search.listed(full, nobody);
    CHECK(search.next({}).what == kind::absent);
    search.begin_again(milliseconds(5));
    CHECK(search.next(milliseconds(0)).what == kind::wait);
    CHECK(search.next(milliseconds(5)).page == 1);
}

TEST_CASE("what a client shows as it was sent is confirmed, field by field") {
    listed_client there = listed(7, "K9", "anna@example.pl");
    there.fields[field_code::notes] = " called on Monday\r\n";
    const sent_fields equal = confirmed(there, anna);
    CHECK(equal.size() == 3);
    CHECK_FALSE(equal.contains(field_code::login));
    CHECK(equal.at(field_code::email) == fingerprint_of("anna@example.pl"));
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

// An account in which the create was carried out or not, at a random moment before it is
// settled, among clients of others, some of which look the same.
class account {
public:
    explicit account(std::uint64_t seed) : random_(seed) {
        const int strangers = draw(0, 350);
        for (int i = 0; i < strangers; ++i) {
            const bool alike = draw(0, 200) == 0;
            add(alike ? "K1" : "K" + std::to_string(draw(2, 50)), alike && draw(0, 1) == 0);
        }
        carried_out_at = draw(0, 2) == 0 ? milliseconds(-1) : milliseconds(draw(0, 30'000));
    }

    void pass(milliseconds now) {
        if (carried_out_at.count() >= 0 && now >= carried_out_at && own == 0) {
            own = add("K1", false);
        }
    }

    [[nodiscard]] std::vector<listed_client> page(unsigned number) const {
        const std::size_t first = (number - 1) * clients_on_a_page;
        std::vector<listed_client> shown;
        for (std::size_t i = first; i < clients.size() && shown.size() < clients_on_a_page; ++i) {
            shown.push_back(clients[i]);
        }
        return shown;
    }

    // Clients that could be taken for the create's, its own aside.
    [[nodiscard]] std::size_t look_alikes() const {
        return static_cast<std::size_t>(std::count_if(clients.begin(), clients.end(), [&](const listed_client& c) {
            return c.crm_client_id != own && !taken.contains(c.crm_client_id) && may_be(c, anna);
        }));
    }

    std::int64_t add(const std::string& login, bool is_taken) {
        const auto id = static_cast<std::int64_t>(1000 + clients.size());
        clients.insert(clients.begin() + draw(0, static_cast<int>(clients.size())),
                       listed(id, login, "anna@example.pl"));
        if (is_taken) {
            taken.insert(id);
        }
        return id;
    }

    int draw(int least, int most) { return std::uniform_int_distribution<>(least, most)(random_); }

    std::vector<listed_client> clients;
    std::set<std::int64_t> taken;
    std::int64_t own = 0;
    milliseconds carried_out_at{-1};

private:
    std::mt19937_64 random_;
};

}  // namespace

TEST_CASE("whatever happens meanwhile, a look-up never takes a stranger for its own while its own is there alone") {
    constexpr milliseconds settled{30'000};
    int linked = 0;
    int absent = 0;
    int ambiguous = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        account a(seed);
        create_lookup search(anna, settled);
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
            REQUIRE(++asked < 10);
            search.listed(a.page(next.page), [&](std::int64_t id) { return a.taken.contains(id); });
            now += milliseconds(a.draw(1, 500));
            if (a.draw(0, 20) == 0) {
                search.begin_again(now);  // a twin was under way
                asked = 0;
            }
        }
        const std::size_t matches = a.look_alikes() + (a.own != 0 ? 1 : 0);
        if (matches == 0) {
            CHECK(next.what == kind::absent);
            ++absent;
        } else if (matches == 1) {
            REQUIRE(next.what == kind::linked);
            CHECK((a.own == 0 || next.clients.front() == a.own));
            ++linked;
        } else {
            CHECK(next.what == kind::ambiguous);
            CHECK(next.clients.size() > 1);
            ++ambiguous;
        }
    }
    CHECK(linked > 50);
    CHECK(absent > 20);
    CHECK(ambiguous > 50);
}
