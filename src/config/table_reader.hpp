#pragma once

#include "baseload/config/settings.hpp"

#include <toml++/toml.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baseload {

// The faults of one job document, gathered so that all are reported at once.
class job_faults {
public:
    explicit job_faults(std::string file) : file_(std::move(file)) {}

    void add(job_position where, const std::string& message);

    // Throws command_error(usage) when there are any.
    void raise() const;

private:
    std::string file_;
    std::vector<std::pair<job_position, std::string>> found_;
};

[[nodiscard]] job_position position_of(const toml::node& node);
[[nodiscard]] job_position position_of(const toml::source_region& at);

// Reads one table of the document: each option by name and type, and at the end a
// fault for every option that nobody asked for. Lives shorter than the document.
class table_reader {
public:
    // `name` is what messages call the table: "[account]".
    table_reader(const toml::table& table, std::string name, job_faults& faults)
        : table_(table), name_(std::move(name)), faults_(faults) {}

    // The option's node, or null; from now on the option is a known one.
    const toml::node* find(std::string_view option);

    std::optional<std::string> text(std::string_view option);
    std::optional<std::int64_t> integer(std::string_view option, std::int64_t least, std::int64_t most);
    std::optional<bool> boolean(std::string_view option);
    std::optional<std::chrono::milliseconds> duration(std::string_view option);

    // "20%" as 0.2.
    std::optional<double> share(std::string_view option);

    // One of `words`, by its index.
    std::optional<std::size_t> choice(std::string_view option, const std::vector<std::string>& words);

    // A fault for each option that was not asked for, with the nearest that was.
    void refuse_unknown() const;

    void fault(std::string_view option, const std::string& message);
    [[nodiscard]] job_position where() const { return position_of(table_); }

private:
    const toml::table& table_;
    std::string name_;
    job_faults& faults_;
    std::vector<std::string> known_;
};

}  // namespace baseload
