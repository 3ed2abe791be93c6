#include "baseload/core/shard.hpp"

#include "baseload/core/fingerprint.hpp"
#include "baseload/core/loose_key.hpp"

#include <fmt/format.h>

namespace baseload {

std::uint32_t shard::number_of_record(std::string_view raw) const {
    return static_cast<std::uint32_t>(fingerprint_of(raw).low % of) + 1;
}

std::uint32_t shard::number_of_key(std::string_view key) const {
    return number_of_record(loose_key(key));
}

std::string shard::text() const {
    return fmt::format("{}/{}", number, of);
}

}  // namespace baseload
