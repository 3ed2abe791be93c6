#include "journal_place.hpp"

#include "baseload/core/text.hpp"
#include "baseload/database/postgres_place.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>

namespace baseload {
namespace {

using std::chrono::milliseconds;

// Shorter, a slow answer of the database would end a run; longer, nobody would take over from a host that is gone.
constexpr milliseconds min_lease = std::chrono::seconds(2);
constexpr milliseconds max_lease = std::chrono::minutes(10);

void read_database(table_reader& table, const std::string& url, const std::optional<std::string>& name,
                   settings& into) {
    into.journal.url = checked_database_url(table, "url", url);
    if (into.account.limit_url.empty()) {
        into.account.limit_url = into.journal.url;
    }
    // No name of its own accord: a job that is renamed must find its journal again.
    if (!name) {
        table.fault("url", "needs a name beside it, by which the job finds its journal among those of the database: "
                           "name = \"customers\"");
    } else if (!journal_locator::is_name(*name)) {
        table.fault("name", fmt::format("{} is no name for a journal in a database: {}", in_quotes(*name),
                                        journal_locator::name_rule));
    } else {
        into.journal.name = *name;
    }
}

}  // namespace

std::string checked_database_url(table_reader& table, std::string_view option, const std::string& url) {
    if (const std::string problem = problem_of_database_url(url); !problem.empty()) {
        table.fault(option, problem);
    }
    return url;
}

void read_journal_place(table_reader& table, const std::filesystem::path& folder, settings& into) {
    const auto path = table.text("path");
    const auto url = table.text("url");
    const auto name = table.text("name");
    if (const auto lease = table.duration("lease")) {
        if (*lease < min_lease || *lease > max_lease) {
            table.fault("lease", "is to be between \"2s\" and \"10m\"");
        }
        into.lease = *lease;
    }
    if (url && path) {
        table.fault("path", "stands beside url; give a file or a database");
    } else if (url) {
        read_database(table, *url, name, into);
    } else if (name) {
        table.fault("name", "is for a journal in a database; give its url too");
    } else {
        // Beside the job and named after it, when the job does not say.
        into.journal.file =
            path ? (folder / *path).lexically_normal() : std::filesystem::path(into.job).replace_extension(".journal");
    }
}

}  // namespace baseload
