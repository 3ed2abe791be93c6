#include "baseload/survey/mapped_source.hpp"

#include "baseload/core/rejection.hpp"
#include "baseload/survey/open_source.hpp"
#include "corrected_rejects.hpp"

#include <utility>

namespace baseload {

namespace {

// A rejects file that comes back is a source of its own kind.
std::unique_ptr<record_source> open_as_it_is(const source_settings& settings) {
    auto source = open_source(settings);
    return is_rejects_header(source->read()->header()) ? corrected_rejects(std::move(source)) : std::move(source);
}

}  // namespace

mapped_source::mapped_source(const settings& given, const name_resolution& resolve)
    // The source is opened before names are looked up: a file that cannot be opened costs no request.
    : source_(open_as_it_is(given.source)), resolved_(resolve(given)), header_(source_->read()->header()),
      map_(resolved_.job, header_, source_->name()) {}

bool mapped_source::is_partial() const {
    return is_rejects_header(header_);
}

}  // namespace baseload
