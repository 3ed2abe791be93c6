#include "baseload/report/output_file.hpp"

#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

using namespace baseload;

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::ptrdiff_t files_in(const fs::path& folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

fs::perms mode_of(const fs::path& file) {
    return fs::status(file).permissions();
}

}  // namespace

TEST_CASE("a file is there once it is whole, and nothing of it before") {
    const test::temporary_folder folder;
    const fs::path file = folder.write("r.csv", "old");
    {
        output_file out(file);
        out.write("half");
        CHECK(text_of(file) == "old");
    }
    CHECK(text_of(file) == "old");
    CHECK(files_in(folder / ".") == 1);
    output_file out(file);
    out.write("new");
    out.close();
    CHECK(out.problem().empty());
    CHECK(text_of(file) == "new");
    CHECK(files_in(folder / ".") == 1);
}

TEST_CASE("it is its owner's alone, or theirs who could read what stood there") {
    const test::temporary_folder folder;
    const fs::path file = folder / "r.csv";
    output_file(file).close();
    CHECK(mode_of(file) == (fs::perms::owner_read | fs::perms::owner_write));
    const fs::perms shared = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read;
    fs::permissions(file, shared);
    output_file(file).close();
    CHECK(mode_of(file) == shared);
}

TEST_CASE("a link stays, and what it leads to is written") {
    const test::temporary_folder folder;
    const fs::path file = folder.write("r.csv", "old");
    fs::create_symlink("r.csv", folder / "link.csv");
    output_file out(folder / "link.csv");
    out.write("new");
    out.close();
    CHECK(text_of(file) == "new");
    CHECK(fs::is_symlink(folder / "link.csv"));
}

TEST_CASE("what cannot be put in its place is said before anything is written") {
    const test::temporary_folder folder;
    CHECK_FALSE(output_file(folder / ".").problem().empty());
    CHECK_FALSE(output_file(folder / "none/r.csv").problem().empty());
    CHECK_FALSE(output_file(folder / std::string(250, 'x')).problem().empty());
    CHECK(files_in(folder / ".") == 0);
}
