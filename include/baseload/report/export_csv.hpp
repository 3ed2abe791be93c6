#pragma once

#include "baseload/journal/client_memory.hpp"

#include <ostream>

namespace baseload {

// The journal's entries in the order of their keys: key,state,crm_client_id,changed,note.
void write_export_csv(client_memory& memory, std::ostream& out);

// The same, a JSON object an entry, one a line.
void write_export_json(client_memory& memory, std::ostream& out);

}  // namespace baseload
