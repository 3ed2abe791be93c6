#pragma once

#include "baseload/sandbox/options.hpp"

namespace baseload::sandbox {

// Serves on 127.0.0.1 until SIGINT or SIGTERM. Prints its URL on standard output when it
// is ready. Throws command_error(usage) for options that cannot be met.
void serve(const options& o);

}  // namespace baseload::sandbox
