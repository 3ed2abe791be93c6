#include "baseload/run/open_source.hpp"

namespace baseload {

std::unique_ptr<record_source> open_source(const source_settings& source) {
    return open_records(source.path, {.text = {.delimiter = source.delimiter,
                                               .quote = source.quote,
                                               .skipped_lines = source.skip_lines,
                                               .encoding = source.encoding,
                                               .has_header = source.has_header,
                                               .column_names = source.column_names,
                                               .relaxed = source.relaxed_quotes,
                                               .pad = source.pad_ragged},
                                      .sheet = source.sheet});
}

}  // namespace baseload
