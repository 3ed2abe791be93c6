// Which engine a journal has.
#include "baseload/core/command_error.hpp"
#include "baseload/journal/journal.hpp"
#include "postgres_journal.hpp"
#include "sqlite_journal.hpp"

#include <fmt/format.h>

namespace baseload {

std::unique_ptr<journal> open_journal(const journal_locator& where, const journal_owner& owner,
                                      std::chrono::milliseconds lease_length, const shard& part) {
    if (!where.is_file()) {
        return open_postgres_journal(where, owner, lease_length, part);
    }
    if (!part.is_whole()) {
        throw command_error(exit_code::usage,
                            fmt::format("--shard is for journals in a database, which several programs write to at "
                                        "once, and {} is a file; name a database with [journal] url, and bring the "
                                        "journal there with baseload journal copy",
                                        where.text()));
    }
    return open_sqlite_journal(where.file, owner);
}

std::unique_ptr<journal> open_journal_to_read(const journal_locator& where, const journal_owner* owner) {
    if (!journal_exists(where)) {
        throw command_error(exit_code::usage,
                            fmt::format("there is no journal {} yet; the first run makes it", where.text()));
    }
    auto opened = where.is_file() ? open_sqlite_journal_to_read(where.file) : open_postgres_journal_to_read(where);
    if (owner != nullptr) {
        opened->hold_against(*owner);
    }
    return opened;
}

bool journal_exists(const journal_locator& where) {
    return where.is_file() ? sqlite_journal_exists(where.file) : postgres_journal_exists(where);
}

std::vector<journal_holder> holders_of(const journal_locator& where) {
    return where.is_file() ? holders_of_sqlite(where.file) : holders_of_postgres(where);
}

std::vector<journal_file> files_of(const journal_locator& where) {
    if (!where.is_file()) {
        return {};
    }
    return {{"the journal", where.file},
            {"the journal's log", where.file.string() + "-wal"},
            {"the journal's lock", where.file.string() + ".lock"}};
}

}  // namespace baseload
