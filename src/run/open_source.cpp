#include "baseload/run/open_source.hpp"

namespace baseload {

csv_source open_source(const source_settings& source) {
    return csv_source(source.path, {.delimiter = source.delimiter,
                                    .quote = source.quote,
                                    .skipped_lines = source.skip_lines,
                                    .encoding = source.encoding,
                                    .relaxed = source.relaxed_quotes,
                                    .pad = source.pad_ragged});
}

}  // namespace baseload
