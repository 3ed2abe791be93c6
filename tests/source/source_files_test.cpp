#include "baseload/source/source_files.hpp"

#include "support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace baseload {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a pattern stands for files by their names, each file once") {
    const test::temporary_folder folder;
    const fs::path b = folder.write("b.csv", "b");
    const fs::path a = folder.write("a.csv", "a");
    const fs::path odd = folder.write("[x].csv", "odd");  // a name that would be a pattern
    fs::create_directory(folder / "folder.csv");
    fs::create_hard_link(a, folder / "c.csv");
    fs::create_symlink(b, folder / "d.csv");
    CHECK(find_source_files({folder / "?.csv"}, {}).paths() == std::vector<fs::path>{a, b});
    CHECK(find_source_files({b, folder / "*.csv", odd}, {}).paths() == std::vector<fs::path>{b, odd, a});
    CHECK(find_source_files({odd}, {}).paths() == std::vector<fs::path>{odd});
    CHECK(find_source_files({folder / "nobody*.csv"}, {}).found.empty());
    // Whoever opens it says that it is not there.
    CHECK(find_source_files({folder / "absent.csv"}, {}).found.size() == 1);
}

TEST_CASE("a file that was just written to is left, unless it is named as it is") {
    const test::temporary_folder folder;
    const fs::path fresh = folder.write("a.csv", "a");
    const fs::path old = folder.write("b.csv", "b");
    fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(2));
    const source_files files = find_source_files({folder / "*.csv"}, std::chrono::hours(1));
    CHECK(files.paths() == std::vector<fs::path>{old});
    CHECK(files.unfinished == std::vector<fs::path>{fresh});
    CHECK(find_source_files({fresh}, std::chrono::hours(1)).paths() == std::vector<fs::path>{fresh});
}

TEST_CASE("a file that somebody has open for writing is left, and not moved") {
    const test::temporary_folder folder;
    const fs::path file = folder.write("a.csv", "a");
    const auto found = find_source_files({folder / "*.csv"}, {}).found;
    std::ofstream writer(file, std::ios::app);
    CHECK(find_source_files({folder / "*.csv"}, {}).unfinished == std::vector<fs::path>{file});
    CHECK_FALSE(move_aside(found.front(), folder / "done", "now"));
    writer.close();
    CHECK(find_source_files({folder / "*.csv"}, {}).found.size() == 1);
}

TEST_CASE("a file is moved to a dated name, and never over another") {
    const test::temporary_folder folder;
    const fs::path file = folder.write("a.b.csv", "first");
    const auto found = find_source_files({file}, {}).found;
    const fs::path done = folder / "new/done";
    CHECK(move_aside(found.front(), done, "20261127-021500") == done / "a.b-20261127-021500.csv");
    CHECK(content_of(done / "a.b-20261127-021500.csv") == "first");
    folder.write("a.b.csv", "second");
    CHECK(move_aside(find_source_files({file}, {}).found.front(), done, "20261127-021500") ==
          done / "a.b-20261127-021500-2.csv");
    CHECK(content_of(done / "a.b-20261127-021500.csv") == "first");
    CHECK_FALSE(fs::exists(file));
}

TEST_CASE("a file that took the name meanwhile, or was written to, is not moved") {
    const test::temporary_folder folder;
    const fs::path file = folder.write("a.csv", "read");
    const auto found = find_source_files({file}, {}).found;
    fs::rename(folder.write("other.csv", "not "), file);
    CHECK_FALSE(move_aside(found.front(), folder / "done", "now"));
    CHECK(content_of(file) == "not ");
    const auto found_again = find_source_files({file}, {}).found;
    folder.write("a.csv", "more than was read");
    CHECK_FALSE(move_aside(found_again.front(), folder / "done", "now"));
    CHECK(content_of(file) == "more than was read");
}

TEST_CASE("a folder whose name would be a pattern is none, and a link that leads nowhere is told") {
    const test::temporary_folder folder;
    fs::create_directories(folder / "[crm]/in");
    const fs::path file = folder.write("[crm]/in/a.csv", "a");
    CHECK(find_source_files({folder / "[crm]/in/*.csv"}, {}).paths() == std::vector<fs::path>{file});
    fs::create_symlink("nowhere", folder / "[crm]/in/b.csv");
    CHECK(find_source_files({folder / "[crm]/in/*.csv"}, {}).found.size() == 2);
    REQUIRE(::mkfifo((folder / "[crm]/in/c.csv").c_str(), 0600) == 0);
    CHECK(find_source_files({folder / "[crm]/in/*.csv"}, {}).found.size() == 2);
    CHECK(find_source_files({folder / "no*.csv", file}, {}).unmatched.size() == 1);
}

TEST_CASE("a file is moved to another file system too") {
    const test::temporary_folder folder;
    const fs::path other = "/dev/shm/baseload-test-" + std::to_string(::getpid());
    const fs::path file = folder.write("a.csv", "text");
    const fs::path moved = move_aside(find_source_files({file}, {}).found.front(), other, "now").value();
    CHECK(content_of(moved) == "text");
    CHECK_FALSE(fs::exists(file));
    fs::remove_all(other);
}

}  // namespace baseload
