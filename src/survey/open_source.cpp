#include "baseload/survey/open_source.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/rejection.hpp"
#include "baseload/source/combined_source.hpp"
#include "baseload/source/open_records.hpp"
#include "corrected_rejects.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace baseload {
namespace {

std::unique_ptr<record_source> open_file(const source_settings& source, const std::filesystem::path& path) {
    // The job's options of every format go along; open_records tells the format by the content and uses its own.
    const header_options header{
        .skipped_lines = source.skip_lines, .has_header = source.has_header, .column_names = source.column_names};
    return open_records(path, {.csv = {.delimiter = source.delimiter,
                                       .quote = source.quote,
                                       .escape = source.escape,
                                       .encoding = source.encoding,
                                       .relaxed = source.relaxed_quotes,
                                       .pad = source.pad_ragged,
                                       .header = header},
                               .workbook = {.sheet = source.sheet, .header = header}});
}

}  // namespace

std::unique_ptr<record_source> open_source(const source_settings& source) {
    std::vector<std::unique_ptr<record_source>> files;
    for (const std::filesystem::path& path : source.paths) {
        files.push_back(open_file(source, path));
    }
    return files.size() == 1 ? std::move(files.front()) : combined_source(std::move(files));
}

std::unique_ptr<record_source> open_to_map(const source_settings& source) {
    auto opened = open_source(source);
    const auto is_rejects = [](const record_source& file) { return is_rejects_header(file.columns().names); };
    if (source.paths.size() == 1) {
        // In a workbook a text is a text, and was not guarded.
        const bool is_guarded = is_rejects(*opened) && opened->describe().sheets.empty();
        return is_guarded ? corrected_rejects(std::move(opened)) : std::move(opened);
    }
    for (const record_source* file : opened->parts()) {
        if (is_rejects(*file)) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: is a rejects file among other files; load it by itself, before or "
                                            "after them",
                                            file->name()));
        }
    }
    return opened;
}

std::string name_of(const source_settings& source) {
    std::vector<std::string> names;
    for (const std::filesystem::path& path : source.paths) {
        names.push_back(path.string());
    }
    return few_names(names);
}

}  // namespace baseload
