#include "baseload/mapping/suggestion.hpp"

#include "baseload/core/client.hpp"
#include "baseload/core/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace baseload {
namespace {

bool mostly(std::uint64_t count, const column_profile& column) {
    const std::uint64_t judged = std::min<std::uint64_t>(column.filled, judged_values);
    // Four of five: real columns have some bad cells.
    return judged > 0 && count * 10 >= judged * 8;
}

std::string without_brackets(std::string_view name) {
    const std::size_t open = name.find_first_of("([{");
    // A name that begins with a bracket stays whole, or nothing would be left.
    return std::string(name.substr(0, open == 0 ? name.size() : open));
}

class suggester {
public:
    explicit suggester(const std::vector<column_profile>& columns) : columns_(columns) {
        for (const column_profile& column : columns) {
            // "Kod" is a customer's code, or a postcode: what it holds decides.
            const std::string_view called = field_by_header(column.name);
            const bool is_other =
                called == "customer number" && (mostly(column.postcodes, column) || mostly(column.emails, column));
            kinds_.emplace_back(is_other ? std::string_view{} : called);
        }
        // "Kod (ERP)" is a "Kod" when no other column is.
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const std::string kind(field_by_header(without_brackets(columns[i].name)));
            if (kinds_[i].empty() && std::find(kinds_.begin(), kinds_.end(), kind) == kinds_.end()) {
                kinds_[i] = kind;
            }
        }
    }

    job_suggestion suggest() {
        by_header();
        // Each step leaves alone what the ones before it have taken.
        by_parts();
        by_contents();
        default_country();
        choose_key();
        std::sort(found_.fields.begin(), found_.fields.end(), [](const auto& a, const auto& b) {
            return find_field(a.field).value_or(field_code{}) < find_field(b.field).value_or(field_code{});
        });
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!used_.contains(columns_[i].name)) {
                found_.unmapped.push_back(columns_[i].name);
            }
        }
        return std::move(found_);
    }

private:
    [[nodiscard]] bool is_taken(std::string_view field) const {
        return std::any_of(found_.fields.begin(), found_.fields.end(), [&](const auto& f) { return f.field == field; });
    }

    void add(field_suggestion suggestion, const std::vector<std::string>& columns) {
        found_.fields.push_back(std::move(suggestion));
        used_.insert(columns.begin(), columns.end());
    }

    // A header may promise what the cells do not hold: what the service would refuse is not suggested.
    [[nodiscard]] static bool holds(std::string_view field, const column_profile& column) {
        // A column without a filled cell holds what its name says, since nothing speaks against it.
        const std::uint64_t judged = std::min<std::uint64_t>(column.filled, judged_values);
        if (field == "email") {
            return column.emails * 2 >= judged;
        }
        if (field == "invoice_country_code" || field == "delivery_country_code") {
            return (column.country_codes + column.countries) * 2 >= judged;
        }
        return true;
    }

    void by_header() {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const std::string field(kinds_[i]);
            // The first of several columns with the same meaning; the others are shown as unmapped.
            if (!find_field(field) || is_taken(field) || !holds(field, columns_[i])) {
                continue;
            }
            add(of_column(field, columns_[i], {}), {columns_[i].name});
        }
    }

    [[nodiscard]] static field_suggestion of_column(std::string field, const column_profile& column,
                                                    std::string reason) {
        field_suggestion made{.field = std::move(field),
                              .column = column.name,
                              .pattern = {},
                              .transforms = {},
                              .reason = std::move(reason)};
        const bool is_country = made.field.ends_with("country_code");
        if (is_country && !mostly(column.country_codes, column)) {
            made.transforms = {"country"};
        }
        return made;
    }

    [[nodiscard]] const column_profile* part(std::string_view kind) const {
        const auto at = std::find(kinds_.begin(), kinds_.end(), kind);
        const auto* column = at == kinds_.end() ? nullptr : &columns_[static_cast<std::size_t>(at - kinds_.begin())];
        // A template cannot name a column that has a brace in its own name.
        return column != nullptr && column->name.find_first_of("{}") == std::string::npos ? column : nullptr;
    }

    [[nodiscard]] static std::string placeholder(const std::string& column) { return "{" + column + "}"; }

    void by_parts() {
        const column_profile* first = part("first name");
        const column_profile* last = part("last name");
        // A first name alone is no full name; a last name is better than nothing.
        if (last != nullptr && !is_taken("invoice_fullname")) {
            const std::string pattern =
                first == nullptr ? placeholder(last->name) : placeholder(first->name) + " " + placeholder(last->name);
            add({.field = "invoice_fullname", .column = {}, .pattern = pattern, .transforms = {}, .reason = {}},
                first == nullptr ? std::vector{last->name} : std::vector{first->name, last->name});
        }
        const column_profile* house = part("house number");
        const column_profile* flat = part("flat number");
        const auto street = std::find_if(found_.fields.begin(), found_.fields.end(),
                                         [](const auto& f) { return f.field == "invoice_address"; });
        // Only where the street comes from one column: of a template it would take the pattern's place.
        if (house != nullptr && street != found_.fields.end() && !street->column.empty()) {
            street->pattern = placeholder(street->column) + " " + placeholder(house->name) +
                              (flat == nullptr ? "" : " " + placeholder(flat->name));
            street->column.clear();
            used_.insert(house->name);
            if (flat != nullptr) {
                used_.insert(flat->name);
            }
        }
    }

    void by_contents() {
        struct kind {
            const char* field;
            std::uint64_t column_profile::*count;
            const char* what;
        };
        constexpr std::array<kind, 4> kinds = {{{"email", &column_profile::emails, "e-mail addresses"},
                                                {"invoice_tax_id", &column_profile::tax_ids, "NIPs"},
                                                {"invoice_postcode", &column_profile::postcodes, "postcodes"},
                                                {"phone", &column_profile::phones, "telephone numbers"}}};
        for (const kind& k : kinds) {
            for (std::size_t i = 0; i < columns_.size() && !is_taken(k.field); ++i) {
                const column_profile& column = columns_[i];
                // Columns whose names say something else are left out, whatever they hold: digits alone can look like
                // several kinds.
                if (!used_.contains(column.name) && kinds_[i].empty() && mostly(column.*k.count, column)) {
                    add(of_column(k.field, column, fmt::format("it holds {}", k.what)), {column.name});
                }
            }
        }
    }

    // Without a country nobody checks tax ids and postcodes of other countries, and none is shown in the panel.
    void default_country() {
        const auto looks_polish = [&](const column_profile& column) {
            const std::string_view kind = kinds_[static_cast<std::size_t>(&column - columns_.data())];
            return kind != "invoice_country_code" &&
                   (mostly(column.postcodes, column) || mostly(column.polish_tax_ids, column));
        };
        if (!is_taken("invoice_country_code") && std::any_of(columns_.begin(), columns_.end(), looks_polish)) {
            found_.default_country = "PL";
        }
    }

    // What is unique and never blank; among these, what is called a number rather than what
    // people change.
    void choose_key() {
        const column_profile* best = nullptr;
        int best_rank = -1;
        // The first of equal rank wins.
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            const column_profile& column = columns_[i];
            const bool whole = column.unique && column.filled == column.rows;
            // Numbers and logins stay the same for ever, and people change their e-mail address. A row's own number
            // goes last: it belongs to another customer as soon as the rows are sorted.
            const std::string_view kind = kinds_[i];
            const int called = kind == "customer number"                      ? 5
                               : kind == "login"                              ? 4
                               : kind == "row number"                         ? 0
                               : kind.empty() && mostly(column.codes, column) ? 3
                               : mostly(column.emails, column)                ? 2
                               : mostly(column.tax_ids, column)               ? 2
                               : kind == "invoice_tax_id"                     ? 2
                                                                              : 1;
            const int rank = (whole ? 10 : 0) + called;
            if (rank > best_rank) {
                best = &column;
                best_rank = rank;
            }
        }
        found_.key = best->name;
        if (best_rank > 11) {
            found_.key_reason = "no two rows have the same, and none is blank";
        } else if (best_rank >= 10) {
            found_.key_reason = fmt::format(
                "WARNING: no two rows have the same, but {}: a customer whose cell changes is created again",
                best_rank == 10 ? "it numbers the rows" : "it is no number of the customer");
        } else {
            found_.key_reason = fmt::format(
                "WARNING: nothing in the file identifies a customer: no column is unique and never blank; this one {}",
                best->filled < best->rows ? fmt::format("is blank in {}", counted(best->rows - best->filled, "row"))
                                          : "has values twice");
        }
        if (!used_.contains(best->name) && !is_taken("login")) {
            add({.field = "login",
                 .column = best->name,
                 .pattern = {},
                 .transforms = {},
                 .reason = "so that the key can be seen in the panel"},
                {best->name});
        }
        used_.insert(best->name);
    }

    const std::vector<column_profile>& columns_;
    std::vector<std::string> kinds_;  // what each column's name says
    std::set<std::string> used_;
    job_suggestion found_;
};

}  // namespace

job_suggestion suggest_job(const std::vector<column_profile>& columns) {
    return suggester(columns).suggest();
}

}  // namespace baseload
