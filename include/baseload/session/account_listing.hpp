#pragma once

#include "baseload/api/crm_account.hpp"
#include "baseload/core/fault.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// Which of the account's lists are meant.
struct list_selection {
    bool statuses = false;
    bool extra_fields = false;
    bool contractors = false;

    [[nodiscard]] bool any() const { return statuses || extra_fields || contractors; }
    // To read them, at least: an account with several Connect integrations takes one more for each.
    [[nodiscard]] std::uint64_t requests() const {
        return (statuses ? 1U : 0U) + (extra_fields ? 1U : 0U) + (contractors ? 2U : 0U);
    }
};

// What the account's clients refer to by number.
struct account_listing {
    std::vector<client_status> statuses;
    std::vector<extra_field_type> extra_fields;
    std::vector<contractor> contractors;     // of all integrations
    std::optional<fault> contractors_fault;  // why they could not be read
    // Of extra fields for dates, by their ids: what a client has there, as the account shows it. Only list_account()
    // reads them.
    std::map<std::int64_t, std::string> date_samples;
    std::uint64_t requests = 0;
};

}  // namespace baseload
