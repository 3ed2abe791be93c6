#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace baseload::sandbox {

// What goes wrong with one request. The order is that of the table in fault_plan.cpp.
enum class mishap {
    none,
    drop_before,   // the connection closes; not carried out
    drop_after,    // the same, carried out
    reset_before,  // the connection is reset (RST); not carried out
    reset_after,   // the same, carried out
    stall,         // not carried out, and never answered
    late,          // never answered, and carried out after a while (options::late_by)
    drip,          // carried out, and answered a byte at a time
    error_500,     // HTTP 500; not carried out
    error_502,     // HTTP 502; carried out
    cut_off,       // the body ends before its length; carried out
    empty,         // an empty body; carried out
    html,          // a page of HTML; not carried out
    huge,          // a body without end, larger than any answer; carried out
    garbage,       // no HTTP at all; carried out
    block,         // another program passes the limit, and the account is blocked; not carried out
    interim,       // answers 100 and 103 come before the answer; carried out
    stray,         // a second answer follows the answer; carried out
    foreign_id     // carried out, and answered with the id of the account's first client
};

// Whether the service does what it was asked, whatever it answers.
[[nodiscard]] bool is_carried_out(mishap fate);

// Draws mishaps by their shares: "drop-before=0.1,502-after=0.05". Throws command_error(usage).
class fault_plan {
public:
    fault_plan(std::string_view shares, std::uint64_t seed);

    [[nodiscard]] mishap draw();

private:
    static constexpr std::size_t kinds = 18;
    std::array<double, kinds> shares_{};
    std::mt19937_64 random_;
};

}  // namespace baseload::sandbox
