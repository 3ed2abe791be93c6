#include "baseload/api/state_folder.hpp"

#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <cstdlib>

using namespace baseload;

TEST_CASE("the state lies where the environment says") {
    const test::temporary_folder folder;
    ::setenv("STATE_DIRECTORY", ((folder / "first").string() + ":" + (folder / "second").string()).c_str(), 1);
    CHECK(account_state_file("a", {}).parent_path() == folder / "first");
    ::unsetenv("STATE_DIRECTORY");
    ::setenv("XDG_STATE_HOME", (folder / "xdg").c_str(), 1);
    CHECK(account_state_file("a", {}).parent_path() == folder / "xdg/baseload");
    CHECK(account_state_file("a", {}) != account_state_file("b", {}));
    CHECK(account_state_file("a", {}) == account_state_file("a", {}));
    CHECK(account_state_file("a", folder / "shared").parent_path() == folder / "shared");
    ::setenv("XDG_STATE_HOME", "relative", 1);  // invalid, by the specification
    ::setenv("HOME", (folder / "home").c_str(), 1);
    CHECK(account_state_file("a", {}).parent_path() == folder / "home/.local/state/baseload");
    ::unsetenv("XDG_STATE_HOME");
}

TEST_CASE("a state folder that cannot be made is named") {
    const test::temporary_folder folder;
    folder.write("file", "x");
    ::setenv("STATE_DIRECTORY", (folder / "file/inside").c_str(), 1);
    CHECK(test::contains(test::error_of([] { static_cast<void>(account_state_file("a", {})); }), "STATE_DIRECTORY"));
    ::unsetenv("STATE_DIRECTORY");
}
