#pragma once

#include "baseload/config/settings.hpp"
#include "table_reader.hpp"

#include <string>
#include <vector>

namespace baseload {

// The rules of [fields] or [extra_fields], in the order of their lines. Faults go to
// `faults`; a rule that has one is left out.
[[nodiscard]] std::vector<field_rule> read_rules(const toml::table& section, const std::string& name,
                                                 job_faults& faults);

}  // namespace baseload
