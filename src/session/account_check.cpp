#include "baseload/session/account_check.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/plan/client_match.hpp"
#include "baseload/session/client_reader.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

namespace baseload {

namespace asio = boost::asio;

namespace {

// One recognised client is enough; five allow for some that staff have edited or deleted.
constexpr std::size_t max_looks = 5;
// 128 bits: two journals never share a salt, so their marks do not tell that they share a token.
constexpr std::size_t salt_bytes = 16;

std::string hex(const unsigned char* bytes, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        text += fmt::format("{:02x}", bytes[i]);
    }
    return text;
}

}  // namespace

token_mark mark_of(const token& secret, const std::string& salt) {
    token_mark mark{.salt = salt, .hash = {}};
    // A mark is compared under its own salt; only the first mark of a journal draws one.
    if (mark.salt.empty()) {
        std::array<unsigned char, salt_bytes> random{};
        if (::RAND_bytes(random.data(), static_cast<int>(random.size())) != 1) {
            throw command_error(exit_code::stopped, "this machine has no random numbers; run again");
        }
        mark.salt = hex(random.data(), random.size());
    }
    // SHA-256 without stretching is enough: a token is long and random, and not a password that can be guessed.
    const std::string salted = mark.salt + secret.reveal();
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (::EVP_Digest(salted.data(), salted.size(), digest.data(), &size, ::EVP_sha256(), nullptr) != 1) {
        throw command_error(exit_code::stopped, "OpenSSL cannot compute SHA-256; check its installation");
    }
    mark.hash = hex(digest.data(), size);
    return mark;
}

asio::awaitable<result<bool>> has_our_clients(api_caller& api, client_memory& memory) {
    client_reader reader(api);
    const auto known = memory.sample_clients(max_looks);
    for (const auto& [key, client] : known) {
        const auto there = co_await reader.find(client.crm_client_id);
        if (!there) {
            co_return failure(there.error());
        }
        // The id alone proves nothing, since another account has clients with the same numbers.
        if (there->has_value() && shows_what_was_sent(**there, key, client.sent)) {
            co_return true;
        }
    }
    // A journal without clients has nobody whom a wrong account could overwrite.
    co_return known.empty();
}

std::optional<bool> account_has_our_clients(account_session& account, client_memory& memory) {
    api_caller api = account.new_caller();
    const result<bool> found = account.run(has_our_clients(api, memory));
    if (!found) {
        // A stop and no exception: the caller then leaves the rows to the next run, and its summary says why.
        account.stop().request(
            exit_code::stopped,
            fmt::format("the account could not be asked for the clients that the journal knows ({}), "
                        "and the token has changed; run again",
                        found.error().problem));
    }
    return found ? std::optional(*found) : std::nullopt;
}

}  // namespace baseload
