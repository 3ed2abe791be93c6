#pragma once

#include "baseload/journal/journal.hpp"

#include <ostream>

namespace baseload {

// The journal's entries in the order of their keys: key,state,crm_client_id,changed,note.
void write_export_csv(journal& known, std::ostream& out);

// The same, a JSON object an entry, one a line.
void write_export_json(journal& known, std::ostream& out);

}  // namespace baseload
