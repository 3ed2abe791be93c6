#include "baseload/config/token.hpp"

#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

using namespace baseload;
using baseload::test::contains;
using baseload::test::error_of;

namespace {

account_settings from_file(const std::filesystem::path& file) {
    account_settings account;
    account.token_file = file;
    return account;
}

}  // namespace

TEST_CASE("a token is read from the environment, without the white space around it") {
    ::setenv("BASELOAD_TEST_TOKEN", " 123-abc\n", 1);
    account_settings account;
    account.token_env = "BASELOAD_TEST_TOKEN";
    CHECK(read_token(account).reveal() == "123-abc");
}

TEST_CASE("a variable that is missing or blank is named") {
    account_settings account;
    account.token_env = "BASELOAD_TEST_ABSENT";
    ::unsetenv("BASELOAD_TEST_ABSENT");
    CHECK(contains(error_of([&] { static_cast<void>(read_token(account)); }), "BASELOAD_TEST_ABSENT holds no token"));
    ::setenv("BASELOAD_TEST_ABSENT", "  ", 1);
    CHECK(contains(error_of([&] { static_cast<void>(read_token(account)); }), "holds no token"));
}

TEST_CASE("a credential of systemd's stands in for a variable that is missing") {
    const test::temporary_folder folder;
    folder.write("BASELOAD_TEST_CREDENTIAL", "456-def\n");
    ::setenv("CREDENTIALS_DIRECTORY", (folder / "").c_str(), 1);
    ::unsetenv("BASELOAD_TEST_CREDENTIAL");
    account_settings account;
    account.token_env = "BASELOAD_TEST_CREDENTIAL";
    CHECK(read_token(account).reveal() == "456-def");
    ::setenv("BASELOAD_TEST_CREDENTIAL", "123-abc", 1);
    CHECK(read_token(account).reveal() == "123-abc");
    account.token_env = "BASELOAD_TEST_ABSENT";
    ::unsetenv("BASELOAD_TEST_ABSENT");
    CHECK(contains(error_of([&] { static_cast<void>(read_token(account)); }), "holds no token"));
    ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("a token file must be its owner's alone") {
    const test::temporary_folder folder;
    const auto file = folder.write("token", "secret-1\n");
    ::chmod(file.c_str(), 0600);
    CHECK(read_token(from_file(file)).reveal() == "secret-1");
    for (const mode_t mode : {0640U, 0604U, 0660U}) {
        ::chmod(file.c_str(), mode);
        const std::string message = error_of([&] { static_cast<void>(read_token(from_file(file))); });
        CHECK(contains(message, "chmod 600"));
        CHECK_FALSE(contains(message, "secret-1"));
    }
}

TEST_CASE("a token with a line break inside would break the request, and is not repeated in the message") {
    const test::temporary_folder folder;
    const auto file = folder.write("token", "secret\nX-Header: 1");
    ::chmod(file.c_str(), 0600);
    const std::string message = error_of([&] { static_cast<void>(read_token(from_file(file))); });
    CHECK(contains(message, "copy it again"));
    CHECK_FALSE(contains(message, "secret"));
    CHECK(contains(error_of([&] { static_cast<void>(read_token(from_file(folder / "absent"))); }), "cannot be read"));
    const auto blank = folder.write("blank", "\n");
    ::chmod(blank.c_str(), 0600);
    CHECK(contains(error_of([&] { static_cast<void>(read_token(from_file(blank))); }), "is empty"));
}
