// The journal, and the account's state, over a disk that fails: what they said was durable is
// there afterwards, whatever became of the rest.
#include "baseload/api/account_state.hpp"
#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"

#include "old_formats.hpp"
#include "support/faulty_disk.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <string>

using namespace baseload;

namespace {

const journal_owner shop{"https://api.example/connector.php", "shop", {"Kod"}};
const wall_time noon(std::chrono::hours(400'000));

// What a run may rely on, beside the journal: only what commit() has returned for.
struct ledger {
    std::set<std::string> sent;                   // creates that left
    std::map<std::string, std::int64_t> clients;  // whose answers are durable
};

// Works as a run does: intents, commit, send, answers, commit. Ends where the disk does.
void work(const std::filesystem::path& path, std::uint64_t seed, ledger& relied_on) {
    std::mt19937_64 chance(seed);
    const auto j = open_journal({path}, shop);
    j->begin_session();
    j->begin_run("a.csv", noon);
    for (int group = 0; group < 12; ++group) {
        std::set<std::string> leaving;
        for (int i = 0; i < 5; ++i) {
            const std::string key = "K" + std::to_string(chance() % 100);
            if (!j->find(key) && leaving.insert(key).second) {
                j->intend({key, 1, "{\"login\":\"" + key + "\"}"}, noon);
            }
        }
        j->commit();
        relied_on.sent.insert(leaving.begin(), leaving.end());
        std::map<std::string, std::int64_t> answered;
        for (const std::string& key : leaving) {
            if (chance() % 4 != 0) {
                const auto id = static_cast<std::int64_t>(chance() % 1'000'000'000);
                j->created(key, {id, content_hash_of(key), {}, false}, noon);
                answered[key] = id;
            }
        }
        j->commit();
        relied_on.clients.insert(answered.begin(), answered.end());
    }
}

// Nothing that was relied on is missing: a create that left is linked or in doubt.
void check(const std::filesystem::path& path, const ledger& relied_on) {
    const auto j = open_journal({path}, shop);
    CHECK_FALSE(j->has_lost_its_log());  // it is whole: nobody copied it without its log
    for (const std::string& key : relied_on.sent) {
        CAPTURE(key);
        const auto known = j->find(key);
        REQUIRE(known);
        CHECK((known->in_doubt || known->client));
    }
    for (const auto& [key, id] : relied_on.clients) {
        CAPTURE(key);
        const auto known = j->find(key);
        REQUIRE(known);
        REQUIRE(known->client);
        CHECK(known->client->crm_client_id == id);
        CHECK(j->key_of_client(id) == key);
    }
}

void work_until_it_fails(const std::filesystem::path& path, std::uint64_t seed, ledger& relied_on) {
    try {
        work(path, seed, relied_on);
    } catch (const command_error&) {
        // That is how a run ends when the disk fails.
    }
}

std::uint64_t operations_of_one_run() {
    const test::temporary_folder folder;
    ledger whole;
    test::arm_disk(test::disk_fault::none, 0, 0);
    work(folder / "j", 1, whole);
    CHECK(whole.sent.size() > 30);
    const std::uint64_t operations = test::disk_operations();
    test::restart_disk();
    return operations;
}

}  // namespace

TEST_CASE("a power loss at any write takes nothing that the journal said was durable") {
    const std::uint64_t operations = operations_of_one_run();
    REQUIRE(operations > 50);
    for (std::uint64_t at = 1; at <= operations; ++at) {
        CAPTURE(at);
        const test::temporary_folder folder;
        ledger relied_on;
        // A journal that exists; the power goes in the next run, and in the one after that.
        work(folder / "j", 100 + at, relied_on);
        for (const std::uint64_t seed : {at, at + 1'000}) {
            test::arm_disk(test::disk_fault::power_loss, at, seed);
            work_until_it_fails(folder / "j", seed, relied_on);
            test::restart_disk();
            check(folder / "j", relied_on);
        }
    }
    test::restart_disk();
}

TEST_CASE("a power loss while the journal is made leaves none or a whole one") {
    const std::uint64_t operations = operations_of_one_run();
    for (std::uint64_t at = 1; at <= operations; ++at) {
        CAPTURE(at);
        const test::temporary_folder folder;
        ledger relied_on;
        test::arm_disk(test::disk_fault::power_loss, at, at);
        work_until_it_fails(folder / "j", at, relied_on);
        test::restart_disk();
        check(folder / "j", relied_on);
    }
    test::restart_disk();
}

TEST_CASE("a power loss or a full disk at any write while an older journal is brought up to date leaves it whole") {
    const auto make = [](const std::filesystem::path& path) {
        test::old_journal old(path, 4, shop.url, shop.name, "\"Kod\"");
        for (int n = 1; n <= 400; ++n) {
            old.add_client("old " + std::to_string(n), n, "row", "a@b.pl");
        }
        old.add_intent("doubt");
    };
    for (const test::disk_fault fault : {test::disk_fault::power_loss, test::disk_fault::full}) {
        bool has_failed = true;
        for (std::uint64_t at = 1; has_failed; ++at) {
            CAPTURE(at);
            const test::temporary_folder folder;
            make(folder / "j");
            has_failed = false;
            test::arm_disk(fault, at, at);
            try {
                const auto j = open_journal({folder / "j"}, shop);
            } catch (const command_error&) {
                has_failed = true;
            }
            test::restart_disk();
            const auto j = open_journal({folder / "j"}, shop);
            CHECK(j->find("doubt")->in_doubt);
            for (int n = 1; n <= 400; ++n) {
                const auto known = j->find("old " + std::to_string(n));
                REQUIRE(known);
                CHECK(known->client->crm_client_id == n);
            }
        }
    }
    test::restart_disk();
}

TEST_CASE("a power loss or a full disk at any write while the directory's log is folded takes no key") {
    constexpr int keys = 500;  // so that packs are split
    for (const test::disk_fault fault : {test::disk_fault::power_loss, test::disk_fault::full}) {
        bool has_failed = true;
        for (std::uint64_t at = 1; has_failed; ++at) {
            CAPTURE(at);
            const test::temporary_folder folder;
            ledger relied_on;
            has_failed = false;
            {
                const auto j = open_journal({folder / "j"}, shop);
                j->begin_session();
                j->begin_run("a.csv", noon);
                for (int n = 1; n <= keys; ++n) {
                    const std::string key = "K" + std::to_string(n);
                    j->created(key, {n, content_hash_of(key), {}, false}, noon);
                    relied_on.clients[key] = n;
                }
                j->commit();
                test::arm_disk(fault, at, at);
                try {
                    j->end_session();
                } catch (const command_error&) {
                    has_failed = true;
                }
            }
            test::restart_disk();
            check(folder / "j", relied_on);
            std::size_t seen = 0;
            open_journal({folder / "j"}, shop)->each_key([&](const known_key& known) {
                seen += known.has_client ? 1 : 0;
            });
            CHECK(seen == keys);
        }
    }
    test::restart_disk();
}

TEST_CASE("a commit throws when its rows are not durable, and not when the fold behind them fails") {
    constexpr int keys = 32'800;  // more than the log may hold, so that the last commit folds it
    const std::string last = "K" + std::to_string(keys);
    int failed_folds = 0;
    for (const std::uint64_t at : {1U, 3U, 8U, 20U, 60U, 200U}) {
        CAPTURE(at);
        const test::temporary_folder folder;
        bool has_thrown = false;
        {
            const auto j = open_journal({folder / "j"}, shop);
            j->begin_session();
            j->begin_run("a.csv", noon);
            for (int n = 1; n <= keys; ++n) {
                j->created("K" + std::to_string(n), {n, content_hash{7}, {}, false}, noon);
                if (n == keys - 100) {
                    j->commit();
                }
            }
            test::arm_disk(test::disk_fault::full, at, 0);
            try {
                j->commit();
                failed_folds += test::disk_operations() >= at ? 1 : 0;
            } catch (const command_error&) {
                has_thrown = true;
            }
        }
        test::restart_disk();
        CHECK(open_journal({folder / "j"}, shop)->find(last).has_value() != has_thrown);
    }
    CHECK(failed_folds > 0);
}

TEST_CASE("a disk that is full from any write on stops the run, and takes nothing that was durable") {
    const std::uint64_t operations = operations_of_one_run();
    for (std::uint64_t at = 1; at <= operations; ++at) {
        CAPTURE(at);
        const test::temporary_folder folder;
        ledger relied_on;
        test::arm_disk(test::disk_fault::full, at, 0);
        work_until_it_fails(folder / "j", at, relied_on);
        test::restart_disk();  // some space was freed
        check(folder / "j", relied_on);
    }
    test::restart_disk();
}

TEST_CASE("a power loss at any write takes no slot and no block that the account's state said was taken") {
    const boot_clock::time_point start{std::chrono::hours(5)};
    constexpr std::uint32_t limit = 10;
    for (std::uint64_t at = 1; at <= 60; ++at) {
        CAPTURE(at);
        const test::temporary_folder folder;
        std::uint32_t taken = 0;
        bool blocked = false;
        test::arm_disk(test::disk_fault::power_loss, at, at);
        try {
            account_state state(folder / "a.state", limit, {std::chrono::seconds(60), std::chrono::seconds(0)});
            for (int i = 0; i < 4; ++i) {
                taken += state.take(start).slot ? 1 : 0;
            }
            state.block(std::chrono::minutes(10), start);
            blocked = true;
        } catch (const command_error&) {
            // That is how a run ends when the disk fails.
        }
        test::restart_disk();
        account_state state(folder / "a.state", limit, {std::chrono::seconds(60), std::chrono::seconds(0)});
        CHECK((!blocked || state.blocked_until(start) >= start + std::chrono::minutes(10)));
        const auto later = start + (blocked ? std::chrono::minutes(10) : std::chrono::minutes(0));
        std::uint32_t left = 0;
        while (!blocked && state.take(later).slot) {
            ++left;
        }
        CHECK((blocked || taken + left <= limit));
    }
    test::restart_disk();
}
