#include "baseload/survey/mapped_source.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/survey/open_source.hpp"

#include <utility>

namespace baseload {

mapped_source::mapped_source(const settings& given, const name_resolution& resolve)
    // The source is opened before names are looked up: a file that cannot be opened costs no request.
    : source_(open_to_map(given.source)), resolved_(resolve(given)), columns_(source_->columns()),
      map_(resolved_.job, columns_.names, source_->parts().front()->name(), columns_.repeated) {
    // Of several files each has a header of its own: a column that one of them lacks is no blank cell.
    for (const record_source* file : source_->parts()) {
        if (const column_names own = file->columns(); own.names != columns_.names) {
            const mapper has_all(resolved_.job, own.names, file->name(), own.repeated);
        }
    }
}

bool mapped_source::is_partial() const {
    return is_rejects() || job().source.is_part;
}

bool mapped_source::is_rejects() const {
    return is_rejects_header(header());
}

}  // namespace baseload
