#pragma once

#include <toml++/toml.h>

#include <filesystem>
#include <string>
#include <string_view>

namespace baseload {

// A job document's text as TOML. toml++ stops at the first mistake of syntax, and a key that stands twice is one of
// them: throws command_error(usage) with its place. `shown` is what messages call the file.
[[nodiscard]] toml::table parse_document(std::string_view text, const std::filesystem::path& file,
                                         const std::string& shown);

// The text of a job document. Throws command_error(usage) when it cannot be read.
[[nodiscard]] std::string text_of_document(const std::filesystem::path& file);

// Lays what the documents named by include = "common.toml" (or a list of them) have under what this one says itself:
// sections are laid over each other, option by option. Throws command_error(usage) for a document that includes
// itself, and for an option that two of the included ones have, and this one has not.
void include_files(toml::table& document, const std::filesystem::path& file);

}  // namespace baseload
