#include "job_includes.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>
#include <vector>

namespace baseload {
namespace {

namespace fs = std::filesystem;

std::string place_of(const toml::node& node) {
    const toml::source_region& at = node.source();
    return fmt::format("{}, line {}, column {}", at.path ? *at.path : std::string("the job"), at.begin.line,
                       at.begin.column);
}

// Moved and not copied: a copy of a node has lost its place in the file.
void put(toml::table& into, const toml::key& name, toml::node& value) {
    value.visit([&](auto& concrete) { into.insert(name, std::move(concrete)); });
}

// One file, and what it includes itself.
class includer {
public:
    explicit includer(const fs::path& job) { chain_.push_back(fs::weakly_canonical(job)); }

    void include_into(toml::table& document, const fs::path& folder) {
        // Option → the place of the included document that has it.
        std::map<std::string, std::string> given;
        for (const fs::path& name : names_in(document)) {
            const fs::path file = (folder / name).lexically_normal();
            const fs::path whole = fs::weakly_canonical(file);
            if (std::find(chain_.begin(), chain_.end(), whole) != chain_.end()) {
                throw command_error(exit_code::usage, fmt::format("{} includes itself, by way of {}", file.string(),
                                                                  chain_.back().string()));
            }
            chain_.push_back(whole);
            toml::table included = parse_document(text_of_document(file), file, file.string());
            include_into(included, file.parent_path());
            chain_.pop_back();
            lay_under(document, included, given);
        }
    }

private:
    static std::vector<fs::path> names_in(toml::table& document) {
        std::vector<fs::path> names;
        const toml::node* node = document.get("include");
        if (node == nullptr) {
            return names;
        }
        if (const auto* one = node->as_string()) {
            names.emplace_back(one->get());
        } else if (const auto* several = node->as_array()) {
            for (const toml::node& each : *several) {
                if (const auto* name = each.as_string()) {
                    names.emplace_back(name->get());
                }
            }
        }
        const auto* list = node->as_array();
        if (names.empty() || (list != nullptr && names.size() != list->size())) {
            throw command_error(exit_code::usage,
                                fmt::format("{}: include must be a file's name, or a list of them: include = "
                                            "\"common.toml\"",
                                            place_of(*node)));
        }
        document.erase("include");
        return names;
    }

    static void lay_under(toml::table& document, toml::table& included, std::map<std::string, std::string>& given) {
        for (auto&& [name, value] : included) {
            toml::node* own = document.get(name.str());
            if (own != nullptr && own->is_table() && value.is_table()) {
                lay_section(*own->as_table(), std::string(name.str()), *value.as_table(), given);
            } else if (own == nullptr && value.is_table()) {
                document.insert(name, toml::table{});
                lay_section(*document.get(name.str())->as_table(), std::string(name.str()), *value.as_table(), given);
            } else if (own == nullptr) {
                put(document, name, value);
            }
        }
    }

    static void lay_section(toml::table& section, const std::string& section_name, toml::table& included,
                            std::map<std::string, std::string>& given) {
        for (auto&& [name, value] : included) {
            const std::string option = fmt::format("[{}] {}", section_name, name.str());
            const auto before = given.find(option);
            if (before != given.end()) {
                throw command_error(exit_code::usage,
                                    fmt::format("{} stands in two included files ({} and {}): say in the job itself "
                                                "which is meant",
                                                option, before->second, place_of(value)));
            }
            // What the job says itself stands.
            if (section.get(name.str()) == nullptr) {
                given.emplace(option, place_of(value));
                put(section, name, value);
            }
        }
    }

    std::vector<fs::path> chain_;  // that leads to the document in hand
};

}  // namespace

toml::table parse_document(std::string_view text, const fs::path& file, const std::string& shown) {
    try {
        return toml::parse(text, file.string());
    } catch (const toml::parse_error& error) {
        const auto at = error.source().begin;
        throw command_error(exit_code::usage,
                            fmt::format("{}, line {}, column {}: {}{}", shown, at.line, at.column, error.description(),
                                        // Somebody has named the CSV file or the journal, most likely.
                                        file.extension() == ".toml" ? "" : "; a job is a TOML file: is this one?"));
    }
}

std::string text_of_document(const fs::path& file) {
    std::error_code error;
    // An ifstream opens a directory without complaint and reads nothing from it; the job would then lack everything.
    if (fs::is_directory(file, error)) {
        throw command_error(exit_code::usage,
                            fmt::format("{} is a directory; name a job file (.toml) in it", file.string()));
    }
    std::ifstream in(file, std::ios::binary);
    if (!in) {
        throw command_error(exit_code::usage, fmt::format("the job {} cannot be read ({}): check the path",
                                                          file.string(), std::strerror(errno)));
    }
    return {std::istreambuf_iterator<char>(in), {}};
}

void include_files(toml::table& document, const fs::path& file) {
    includer(file).include_into(document, file.parent_path());
}

}  // namespace baseload
