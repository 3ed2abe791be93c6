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
    return is_rejects_header(source->columns().names) ? corrected_rejects(std::move(source)) : std::move(source);
}

}  // namespace

mapped_source::mapped_source(const settings& given, const name_resolution& resolve)
    // The source is opened before names are looked up: a file that cannot be opened costs no request.
    : source_(open_as_it_is(given.source)), resolved_(resolve(given)), columns_(source_->columns()),
      map_(resolved_.job, columns_.names, source_->name(), columns_.repeated) {}

bool mapped_source::is_partial() const {
    return is_rejects() || job().source.is_part;
}

bool mapped_source::is_rejects() const {
    return is_rejects_header(header());
}

}  // namespace baseload
