#include "baseload/core/fault_code.hpp"
#include "commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

// The manual's part about commands and the shells' completions, made from the command line itself, so that they cannot
// differ. For CMakeLists.txt, which puts them where man and the shells look.

namespace baseload {
namespace {

// scdoc(5): what would be bold or underlined.
std::string scdoc(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '_' || c == '*' || c == '\\' || c == '#' || c == '`' || c == '[' || c == '|') {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

std::string synopsis(const command_entry& command) {
    std::string text = "*baseload " + command.name + "*";
    for (const option_entry& option : command.options) {
        if (option.is_positional) {
            const std::string name = "_" + scdoc(option.name) + "_" + (option.is_list ? "..." : "");
            text += " " + (option.is_required ? name : "\\[" + name + "]");
        }
    }
    return text + " \\[options]";
}

std::string manual_of(const command_entry& command) {
    std::string text =
        fmt::format("## {}\n\n{}\n\n{}.\n\n", scdoc(command.name), synopsis(command), scdoc(command.help));
    if (!command.example.empty()) {
        text += fmt::format("```\n{}\n```\n\n", command.example);
    }
    for (const option_entry& option : command.options) {
        if (option.name == "--help") {
            continue;
        }
        const std::string name = option.is_positional ? "_" + scdoc(option.name) + "_" : "*" + scdoc(option.name) + "*";
        const bool has_value = !option.is_positional && !option.value.empty();
        text +=
            fmt::format("{}{}\n\t{}.\n\n", name, has_value ? " _" + scdoc(option.value) + "_" : "", scdoc(option.help));
    }
    return command.footer.empty() ? text : text + scdoc(command.footer) + "\n\n";
}

std::string manual(const std::vector<command_entry>& commands) {
    std::string text;
    for (const command_entry& command : commands) {
        text += manual_of(command);
    }
    return text;
}

// Its codes, for baseload-faults(7).
std::string codes() {
    std::string text;
    for (const fault_code_entry& e : fault_codes()) {
        text += fmt::format("*{}*\n\t{}. {}.\n\n", scdoc(std::string(e.name)), scdoc(std::string(e.text)),
                            scdoc(std::string(e.remedy)));
    }
    return text;
}

// The words of a value such as "text|json"; none where it is a text of any kind.
std::vector<std::string> words_of(const option_entry& option) {
    std::vector<std::string> words;
    if (option.value.find('|') == std::string::npos || option.value.find('%') != std::string::npos) {
        return words;
    }
    for (std::size_t begin = 0; begin <= option.value.size();) {
        const std::size_t end = std::min(option.value.find('|', begin), option.value.size());
        words.push_back(option.value.substr(begin, end - begin));
        begin = end + 1;
    }
    return words;
}

std::vector<std::string> options_of(const command_entry& command) {
    std::vector<std::string> names;
    for (const option_entry& option : command.options) {
        if (!option.is_positional) {
            names.push_back(option.name);
        }
    }
    return names;
}

std::string bash(const std::vector<command_entry>& commands) {
    std::vector<std::string> names;
    std::string cases;
    std::string values;
    for (const command_entry& command : commands) {
        names.push_back(command.name);
        cases += fmt::format("        {}) options=\"{}\" ;;\n", command.name, fmt::join(options_of(command), " "));
        for (const option_entry& option : command.options) {
            if (const auto words = words_of(option); !words.empty()) {
                values += fmt::format("        {}) COMPREPLY=($(compgen -W \"{}\" -- \"$word\")); return ;;\n",
                                      option.name, fmt::join(words, " "));
            }
        }
    }
    return fmt::format(R"(# Completion of baseload for bash.
_baseload() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} options=
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "{} --help --version" -- "$word"))
        return
    fi
    case $before in
{}    esac
    case ${{COMP_WORDS[1]}} in
{}    esac
    if [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$options" -- "$word"))
    else
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$word"))
    fi
}}
complete -F _baseload baseload
)",
                       fmt::join(names, " "), values, cases);
}

// In single quotes of a shell, where zsh reads brackets and colons too.
std::string in_shell_quotes(const std::string& text, std::string_view escaped) {
    std::string out;
    for (const char c : text) {
        if (c == '\'') {
            out += "'\\''";
            continue;
        }
        if (escaped.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += c;
    }
    return out;
}

std::string zsh(const std::vector<command_entry>& commands) {
    std::string names;
    std::string cases;
    for (const command_entry& command : commands) {
        names += fmt::format("    '{}:{}'\n", command.name, in_shell_quotes(command.help, ":"));
        cases += fmt::format("      {}) _arguments", command.name);
        for (const option_entry& option : command.options) {
            if (option.is_positional) {
                continue;
            }
            const auto words = words_of(option);
            const std::string value =
                option.value.empty()
                    ? ""
                    : fmt::format(":{}:{}", in_shell_quotes(option.value, ":[]"),
                                  words.empty() ? "_files" : fmt::format("({})", fmt::join(words, " ")));
            cases += fmt::format(" \\\n        '{}[{}]{}'", option.name, in_shell_quotes(option.help, "[]:"), value);
        }
        cases += " \\\n        '*:file:_files' ;;\n";
    }
    return fmt::format(R"(#compdef baseload
# Completion of baseload for zsh.
_baseload() {{
  local -a commands=(
{}  )
  local curcontext=$curcontext state line
  _arguments -C '--help[Print help]' '--version[Print the version]' '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
{}      esac ;;
  esac
}}
_baseload "$@"
)",
                       names, cases);
}

std::string fish(const std::vector<command_entry>& commands) {
    std::string text = "# Completion of baseload for fish.\n";
    for (const command_entry& command : commands) {
        text += fmt::format("complete -c baseload -n __fish_use_subcommand -f -a {} -d '{}'\n", command.name,
                            in_shell_quotes(command.help, ""));
    }
    for (const command_entry& command : commands) {
        for (const option_entry& option : command.options) {
            if (option.is_positional || !option.name.starts_with("--")) {
                continue;
            }
            const auto words = words_of(option);
            text += fmt::format("complete -c baseload -n '__fish_seen_subcommand_from {}' -l {} -d '{}'{}\n",
                                command.name, option.name.substr(2), in_shell_quotes(option.help, ""),
                                option.value.empty() ? ""
                                : words.empty()      ? " -r -F"
                                                     : fmt::format(" -x -a '{}'", fmt::join(words, " ")));
        }
    }
    return text;
}

}  // namespace

void add_documentation_command(command_line& line) {
    const auto what = std::make_shared<std::string>();
    command c = line.add("documentation", "The manual's commands and codes, and completions for shells");
    c.hide();
    c.option("WHAT", *what, "man, codes, bash, zsh or fish").required().one_of({"man", "codes", "bash", "zsh", "fish"});
    c.run([what, &line] {
        const std::vector<command_entry> commands = line.commands();
        fmt::print("{}", *what == "man"     ? manual(commands)
                         : *what == "codes" ? codes()
                         : *what == "bash"  ? bash(commands)
                         : *what == "zsh"   ? zsh(commands)
                                            : fish(commands));
        return exit_code::success;
    });
}

}  // namespace baseload
