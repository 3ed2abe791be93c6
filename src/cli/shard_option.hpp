#pragma once

#include "baseload/core/command_error.hpp"
#include "baseload/core/shard.hpp"
#include "baseload/core/text.hpp"
#include "whole_number.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace baseload {

// Blank where it is not set.
[[nodiscard]] inline std::string environment_variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string{} : std::string(value);
}

// "2/3". "env" takes the number from what Kubernetes gives each pod of an indexed job, where it counts from 0
// (https://kubernetes.io/docs/concepts/workloads/controllers/job/#completion-mode).
[[nodiscard]] inline shard shard_option(const std::string& text) {
    const std::size_t slash = text.find('/');
    std::string number = text.substr(0, slash);
    std::string of = slash == std::string::npos ? std::string{} : text.substr(slash + 1);
    std::uint64_t first = 1;
    if (number == "env") {
        number = environment_variable("JOB_COMPLETION_INDEX");
        of = slash == std::string::npos ? environment_variable("BASELOAD_SHARDS") : of;
        first = 0;
        if (number.empty() || of.empty()) {
            throw command_error(exit_code::usage,
                                fmt::format("--shard {} takes its number from JOB_COMPLETION_INDEX, which Kubernetes "
                                            "sets in each pod of an indexed job, and how many there are from "
                                            "BASELOAD_SHARDS (or --shard env/3): {} is not set",
                                            text, number.empty() ? "JOB_COMPLETION_INDEX" : "BASELOAD_SHARDS"));
        }
    }
    constexpr std::uint64_t most = 1'000;
    const auto k = whole_number(number);
    const auto n = whole_number(of);
    if (!k || !n || *n > most || *k < first || *k - first >= *n) {
        const std::string remedy = first == 0
                                       ? "JOB_COMPLETION_INDEX counts from 0, and there are as many as BASELOAD_SHARDS "
                                         "or what stands behind the / says"
                                       : "write 2/3 for the second of three";
        throw command_error(exit_code::usage,
                            fmt::format("--shard {}: {} of {} is no shard ({} at most): {}", in_quotes(text),
                                        in_quotes(number), in_quotes(of), grouped(most), remedy));
    }
    return {.number = static_cast<std::uint32_t>(*k - first + 1), .of = static_cast<std::uint32_t>(*n)};
}

}  // namespace baseload
