#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// What goes wrong with one request.
enum class mishap {
    none,
    drop_before,  // the connection closes; not carried out
    drop_after,   // the same, carried out
    stall,        // not carried out, and never answered
    error_500,    // HTTP 500; not carried out
    error_502,    // HTTP 502; carried out
    cut_off,      // the body ends before its length; carried out
    empty,        // an empty body; carried out
    html          // a page of HTML; not carried out
};

// Draws mishaps by their shares: "drop-before=0.1,502-after=0.05". Names: drop-before,
// drop-after, stall, 500, 502-after, cut-off, empty, html. Throws stop(usage).
class fault_plan {
public:
    fault_plan(std::string_view shares, std::uint64_t seed);

    [[nodiscard]] mishap draw();

private:
    static constexpr std::size_t kinds = 8;
    std::array<double, kinds> shares_{};
    std::mt19937_64 random_;
};

}  // namespace baseload::sandbox
