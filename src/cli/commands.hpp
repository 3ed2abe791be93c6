#pragma once

#include "command_line.hpp"

namespace baseload {

// Each adds its command. Adding opens nothing and does no work.
void add_init_command(command_line& line);
void add_preview_command(command_line& line);
void add_check_command(command_line& line);
void add_plan_command(command_line& line);
void add_run_command(command_line& line);
void add_runs_command(command_line& line);
void add_status_command(command_line& line);
void add_report_command(command_line& line);
void add_export_command(command_line& line);
void add_journal_command(command_line& line);
void add_link_command(command_line& line);
void add_undo_command(command_line& line);
void add_resolve_command(command_line& line);
void add_audit_command(command_line& line);
void add_account_command(command_line& line);
void add_doctor_command(command_line& line);
void add_documentation_command(command_line& line);
void add_sandbox_command(command_line& line);

}  // namespace baseload
