#pragma once

#include "baseload/core/exit_code.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

// The one place that knows the parser (CLI11, whose header takes long to compile): a command says here what it takes.

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace baseload {

// One option or positional argument; belongs to its command line. Each call returns it again.
class command_option {
public:
    explicit command_option(CLI::Option* option) : option_(option) {}

    command_option& required();
    command_option& value_name(const std::string& name);  // "FILE.csv", in the help
    command_option& show_default();
    command_option& one_of(const std::vector<std::string>& words);
    command_option& positive();                             // a whole number above 0
    command_option& comma_separated();                      // of a list of texts
    command_option& needs(const command_option& other);     // only together with it
    command_option& excludes(const command_option& other);  // never together with it

private:
    CLI::Option* option_;
};

// One command. What an option's value is written to must outlive the parsing: keep it in a shared_ptr that run() holds.
class command {
public:
    explicit command(CLI::App* app) : app_(app) {}

    // "--rejects", or "JOB" for a positional one. `Value`: a text, a path, a list of texts, or a whole number, optional
    // or not (command_line.cpp lists them).
    template <class Value>
    command_option option(const std::string& name, Value& value, const std::string& help);
    command_option flag(const std::string& name, bool& value, const std::string& help);
    void footer(const std::string& text);
    void example(const std::string& command_line);  // the help opens with it
    void hide();                                    // from the help

    // What is done when this command is chosen. Called after the parsing.
    void run(std::function<exit_code()> work);

private:
    CLI::App* app_;
    friend class command_line;
    std::function<void(std::function<exit_code()>)> choose_;
    std::string* example_ = nullptr;
};

// What the manual and the shells' completions are made from.
struct option_entry {
    std::string name;   // "--rejects", or "JOB" of a positional argument
    std::string value;  // "FILE.csv"; blank: a flag
    std::string help;
    bool is_positional = false;
    bool is_required = false;
    bool is_list = false;
};
struct command_entry {
    std::string name;
    std::string help;
    std::string example;
    std::string footer;
    std::vector<option_entry> options;
};

class command_line {
public:
    command_line(const std::string& description, const std::string& version);
    ~command_line();
    command_line(const command_line&) = delete;
    command_line& operator=(const command_line&) = delete;

    // Adding opens nothing and does no work.
    [[nodiscard]] command add(const std::string& name, const std::string& help);

    // In the order in which they were added; without the hidden ones.
    [[nodiscard]] std::vector<command_entry> commands() const;

    // Parses, and does what was chosen; prints help or the version where that was asked for. Throws
    // command_error(usage), with the nearest right name for an unknown command.
    [[nodiscard]] exit_code run(int argument_count, char** arguments);

private:
    void refuse_unknown_command(const std::string& first) const;
    void refuse_unknown_option(const std::vector<std::string>& arguments) const;

    std::unique_ptr<CLI::App> app_;
    std::map<std::string, std::string> examples_;  // by the commands
    std::function<exit_code()> chosen_;
};

}  // namespace baseload
