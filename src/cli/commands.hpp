#pragma once

#include "baseload/core/exit_code.hpp"

#include <CLI/CLI.hpp>

#include <functional>

namespace baseload {

// What the command line asks for; set while it is parsed, run afterwards.
using chosen_command = std::function<exit_code()>;

// Each adds its subcommand. Adding opens nothing and does no work.
void add_init_command(CLI::App& app, chosen_command& chosen);
void add_preview_command(CLI::App& app, chosen_command& chosen);
void add_check_command(CLI::App& app, chosen_command& chosen);
void add_plan_command(CLI::App& app, chosen_command& chosen);
void add_run_command(CLI::App& app, chosen_command& chosen);
void add_runs_command(CLI::App& app, chosen_command& chosen);
void add_export_command(CLI::App& app, chosen_command& chosen);
void add_resolve_command(CLI::App& app, chosen_command& chosen);
void add_account_command(CLI::App& app, chosen_command& chosen);
void add_sandbox_command(CLI::App& app, chosen_command& chosen);
void add_undo_command(CLI::App& app, chosen_command& chosen);
void add_link_command(CLI::App& app, chosen_command& chosen);

}  // namespace baseload
