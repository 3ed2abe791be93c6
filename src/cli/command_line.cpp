#include "command_line.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/nearest.hpp"
#include "baseload/core/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace baseload {

command_option& command_option::required() {
    option_->required();
    return *this;
}

command_option& command_option::value_name(const std::string& name) {
    option_->type_name(name);
    return *this;
}

command_option& command_option::show_default() {
    option_->capture_default_str();
    return *this;
}

command_option& command_option::one_of(const std::vector<std::string>& words) {
    option_->check(CLI::IsMember(words).description(""));
    return *this;
}

command_option& command_option::positive() {
    option_->check([](const std::string& text) {
        const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
        return is_number && text.find_first_not_of('0') != std::string::npos
                   ? std::string{}
                   : in_quotes(text) + " is no whole number above 0";
    });
    return *this;
}

command_option& command_option::comma_separated() {
    option_->delimiter(',');
    return *this;
}

command_option& command_option::needs(const command_option& other) {
    option_->needs(other.option_);
    return *this;
}

command_option& command_option::excludes(const command_option& other) {
    option_->excludes(other.option_);
    return *this;
}

// Defined here, so that no command includes CLI11; each type that one needs is instantiated below, or it does not link.
template <class Value>
command_option command::option(const std::string& name, Value& value, const std::string& help) {
    // A name without dashes is a positional argument to CLI11.
    return command_option(app_->add_option(name, value, help));
}

template command_option command::option(const std::string&, std::string&, const std::string&);
template command_option command::option(const std::string&, std::filesystem::path&, const std::string&);
template command_option command::option(const std::string&, std::vector<std::string>&, const std::string&);
template command_option command::option(const std::string&, std::uint16_t&, const std::string&);
template command_option command::option(const std::string&, std::uint32_t&, const std::string&);
template command_option command::option(const std::string&, std::uint64_t&, const std::string&);
template command_option command::option(const std::string&, std::int64_t&, const std::string&);
template command_option command::option(const std::string&, std::optional<std::string>&, const std::string&);
template command_option command::option(const std::string&, std::optional<std::uint64_t>&, const std::string&);
template command_option command::option(const std::string&, std::optional<std::int64_t>&, const std::string&);

command_option command::flag(const std::string& name, bool& value, const std::string& help) {
    return command_option(app_->add_flag(name, value, help));
}

void command::footer(const std::string& text) {
    app_->footer(text);
}

void command::example(const std::string& command_line) {
    *example_ = command_line;
}

void command::hide() {
    app_->group("");
}

// CLI11 calls it while it parses, so it only notes the work: what that throws is no error of parsing.
void command::run(std::function<exit_code()> work) {
    app_->callback([choose = choose_, work = std::move(work)] { choose(work); });
}

command_line::command_line(const std::string& description, const std::string& version)
    : app_(std::make_unique<CLI::App>(description)) {
    app_->name("baseload");
    app_->set_version_flag("--version", version);
    // Without a command there is nothing to do: CLI11 then says so.
    app_->require_subcommand(1);
}

command_line::~command_line() = default;

command command_line::add(const std::string& name, const std::string& help) {
    command added(app_->add_subcommand(name, help));
    // `this` lives longer than its commands: main() owns it until the program ends.
    added.example_ = &examples_[name];
    added.choose_ = [this](std::function<exit_code()> work) { chosen_ = std::move(work); };
    return added;
}

std::vector<command_entry> command_line::commands() const {
    std::vector<command_entry> all;
    for (const CLI::App* app : app_->get_subcommands([](const CLI::App*) { return true; })) {
        if (app->get_group().empty()) {
            continue;
        }
        command_entry entry{.name = app->get_name(),
                            .help = app->get_description(),
                            .example = examples_.at(app->get_name()),
                            .footer = app->get_footer(),
                            .options = {}};
        for (const CLI::Option* option : app->get_options()) {
            const bool is_flag = option->get_expected_max() == 0;
            entry.options.push_back({.name = option->get_positional()       ? option->get_name(true)
                                             : option->get_lnames().empty() ? "-" + option->get_snames().front()
                                                                            : "--" + option->get_lnames().front(),
                                     .value = is_flag ? "" : option->get_type_name(),
                                     .help = option->get_description(),
                                     .is_positional = option->get_positional(),
                                     .is_required = option->get_required(),
                                     .is_list = option->get_expected_max() > 1});
        }
        all.push_back(std::move(entry));
    }
    return all;
}

// CLI11 would only say that a subcommand is required. The first argument decides: no option of the program itself takes
// a value.
void command_line::refuse_unknown_command(const std::string& first) const {
    // An option of the program itself (--help, --version), which the parser knows.
    if (first.empty() || first.front() == '-') {
        return;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : app_->get_subcommands([](const CLI::App*) { return true; })) {
        if (!command->get_group().empty()) {
            names.push_back(command->get_name());
        }
    }
    if (first != "documentation" && std::find(names.begin(), names.end(), first) == names.end()) {
        throw command_error(exit_code::usage, fmt::format("there is no command {}{}; there are {}", in_quotes(first),
                                                          did_you_mean(first, names), listed(names)));
    }
}

// CLI11 says only that an argument was not expected.
void command_line::refuse_unknown_option(const std::vector<std::string>& arguments) const {
    const std::vector<CLI::App*> chosen = app_->get_subcommands();
    if (chosen.empty()) {
        return;
    }
    std::vector<std::string> names;
    for (const CLI::Option* option : chosen.front()->get_options()) {
        for (const std::string& name : option->get_lnames()) {
            names.push_back("--" + name);
        }
    }
    for (const std::string& argument : arguments) {
        if (argument == "--") {
            return;  // what follows are no options
        }
        const std::string name = argument.substr(0, argument.find('='));
        if (name.starts_with("--") && std::find(names.begin(), names.end(), name) == names.end()) {
            throw command_error(exit_code::usage,
                                fmt::format("baseload {0} has no option {1}{2}; baseload {0} --help lists them",
                                            chosen.front()->get_name(), in_quotes(name), did_you_mean(name, names)));
        }
    }
}

exit_code command_line::run(int argument_count, char** arguments) {
    std::vector<std::string> words(arguments + std::min(argument_count, 1), arguments + argument_count);
    // "help run" is "run --help".
    if (!words.empty() && words.front() == "help") {
        words.erase(words.begin());
        words.emplace_back("--help");
    }
    refuse_unknown_command(words.empty() ? "" : words.front());
    // The help of one command opens with an example; the list of all has none.
    if (const auto example = examples_.find(words.empty() ? "" : words.front());
        example != examples_.end() && !example->second.empty()) {
        CLI::App* command = app_->get_subcommand(example->first);
        command->description(fmt::format("{}\n\nExample: {}\n", command->get_description(), example->second));
    }
    try {
        // CLI11 takes them from the back.
        app_->parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ExtrasError& error) {
        refuse_unknown_option(words);
        throw command_error(exit_code::usage, fmt::format("{}; --help says what there is", error.what()));
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) {
            // CLI11 reports help and the version as errors with code 0, and prints them itself.
            app_->exit(error);  // help, or the version
            return exit_code::success;
        }
        // One code for all wrong usage (core/exit_code.hpp), whatever CLI11's own is.
        throw command_error(exit_code::usage, fmt::format("{}; --help says what there is", error.what()));
    }
    // Precondition: parse() has succeeded, so exactly one command was chosen.
    return chosen_();
}

}  // namespace baseload
