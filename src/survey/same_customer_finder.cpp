#include "same_customer_finder.hpp"

#include "baseload/core/field_table.hpp"
#include "baseload/core/summary.hpp"
#include "baseload/survey/question.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace baseload {
namespace {

class same_customer_finder {
public:
    same_customer_finder(const settings& job, survey& found) : job_(job), found_(found), marks_(found.marks) {
        std::sort(marks_.begin(), marks_.end());
        for (std::size_t i = 1; i < marks_.size(); ++i) {
            if (marks_[i].first == marks_[i - 1].first) {
                candidates_.insert(marks_[i - 1].second);
                candidates_.insert(marks_[i].second);
            }
        }
        has_others_ = std::any_of(found.rows.begin(), found.rows.end(), is_known);
    }

    [[nodiscard]] bool has_others() const { return !marks_.empty() && has_others_; }
    [[nodiscard]] bool has_candidates() const { return !candidates_.empty(); }

    // Of the rows that are no new clients: the new ones that may share something with them become candidates.
    void look_at_known(const record& row, std::uint32_t ordinal, const mapper& map) {
        if (!is_known(found_.rows[ordinal])) {
            return;
        }
        for (const telling_value& value : telling_values(map.fields_of(row, telling_fields))) {
            auto at = std::lower_bound(marks_.begin(), marks_.end(), std::pair(mark_of(value), 0U));
            if (at == marks_.end() || at->first != mark_of(value)) {
                continue;
            }
            sharing_[{value.code, value.hash}].push_back({row.line, ordinal});
            for (; at != marks_.end() && at->first == mark_of(value); ++at) {
                candidates_.insert(at->second);
            }
        }
    }

    void look_at_new(const record& row, std::uint32_t ordinal, const mapper& map) {
        if (!candidates_.contains(ordinal) || found_.rows[ordinal] != row_need::create) {
            return;
        }
        for (const telling_value& value : telling_values(map.fields_of(row, telling_fields))) {
            sharing_[{value.code, value.hash}].push_back({row.line, ordinal});
        }
    }

    void conclude() {
        // Rows that share two things are one finding, and not two.
        std::map<std::vector<member>, std::vector<field_code>> groups;
        for (auto& [value, members] : sharing_) {
            std::sort(members.begin(), members.end());  // by their lines
            const bool has_new = std::any_of(members.begin(), members.end(), [&](const member& m) {
                return found_.rows[m.ordinal] == row_need::create;
            });
            if (members.size() > 1 && has_new) {
                groups[std::move(members)].push_back(value.first);
            }
        }
        for (const auto& [members, fields] : groups) {
            same_customer same{.lines = {}, .rows = members.size(), .fields = {}};
            for (const member& m : members) {
                if (same.lines.size() < max_conflict_lines) {
                    same.lines.push_back(m.line);
                }
            }
            for (const field_code field : fields) {
                same.fields.push_back(field_name(field));
            }
            if (job_.key.duplicates == duplicates_policy::reject) {
                reject_all_but_one(members, same);
            }
            ++found_.same_customers_count;
            if (found_.same_customers.size() < max_named) {
                found_.same_customers.push_back(std::move(same));
            }
        }
    }

private:
    struct member {
        std::uint64_t line = 0;
        std::uint32_t ordinal = 0;

        friend auto operator<=>(const member&, const member&) = default;
    };

    // Has a client, or is about to be looked up: the row is a customer of the account.
    static bool is_known(row_need need) {
        return need == row_need::nothing || need == row_need::update || need == row_need::refresh_hash ||
               need == row_need::look_up;
    }

    // The one that stays: the row of a client that is there, else the first. So the next run decides the same.
    void reject_all_but_one(const std::vector<member>& members, const same_customer& same) {
        const auto known = std::find_if(members.begin(), members.end(),
                                        [&](const member& m) { return is_known(found_.rows[m.ordinal]); });
        const member& stays = known == members.end() ? members.front() : *known;
        for (const member& m : members) {
            if (m != stays && found_.rows[m.ordinal] == row_need::create) {
                found_.rows[m.ordinal] = row_need::duplicate;
                found_.duplicates.emplace(m.line, duplicate_row{stays.line, same.fields});
            }
        }
    }

    const settings& job_;
    survey& found_;
    customer_marks& marks_;                         // sorted
    std::unordered_set<std::uint32_t> candidates_;  // ordinals of new rows whose marks are equal
    bool has_others_ = false;
    std::map<std::pair<field_code, std::uint64_t>, std::vector<member>> sharing_;
};

}  // namespace

void find_same_customers(const settings& job, const record_source& source, const mapper& map, survey& found,
                         const std::function<bool()>& keep_going) {
    same_customer_finder finder(job, found);
    const auto read_again = [&](const auto& look) {
        const auto reader = source.read();
        record row;
        for (std::uint32_t ordinal = 0; ordinal < found.rows.size() && reader->next(row); ++ordinal) {
            if (ordinal % rows_between_questions == 0) {
                throw_unless(keep_going);
            }
            look(row, ordinal);
        }
    };
    if (finder.has_others()) {
        read_again([&](const record& row, std::uint32_t ordinal) { finder.look_at_known(row, ordinal, map); });
    }
    if (finder.has_candidates()) {
        read_again([&](const record& row, std::uint32_t ordinal) { finder.look_at_new(row, ordinal, map); });
        finder.conclude();
    }
    found.marks = {};
}

}  // namespace baseload
