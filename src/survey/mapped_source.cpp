#include "baseload/survey/mapped_source.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/survey/open_source.hpp"

namespace baseload {

mapped_source::mapped_source(const settings& given, const name_resolution& resolve)
    : source_(open_source(given.source)), resolved_(resolve(given)), header_(source_->read()->header()),
      map_(resolved_.job, header_, source_->name()) {}

bool mapped_source::is_partial() const {
    return is_rejects_header(header_);
}

}  // namespace baseload
