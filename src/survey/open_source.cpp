#include "baseload/survey/open_source.hpp"

#include "baseload/source/open_records.hpp"

namespace baseload {

std::unique_ptr<record_source> open_source(const source_settings& source) {
    // The job's options of every format go along; open_records tells the format by the content and uses its own.
    const header_options header{
        .skipped_lines = source.skip_lines, .has_header = source.has_header, .column_names = source.column_names};
    return open_records(source.path, {.csv = {.delimiter = source.delimiter,
                                              .quote = source.quote,
                                              .escape = source.escape,
                                              .encoding = source.encoding,
                                              .relaxed = source.relaxed_quotes,
                                              .pad = source.pad_ragged,
                                              .header = header},
                                      .workbook = {.sheet = source.sheet, .header = header}});
}

}  // namespace baseload
