#pragma once

#include "baseload/config/settings.hpp"
#include "baseload/core/client.hpp"
#include "baseload/core/fault.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/core/record.hpp"
#include "baseload/mapping/attached_file.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace baseload {

class text_transforms;

// A record as the API takes it. With faults, `fields` is not to be sent.
struct mapped_record {
    client_fields fields;
    std::vector<fault> faults;            // all of the row's, in the order of the job
    std::vector<fault> warnings;          // likewise; they do not keep it from being sent
    std::size_t replaced_characters = 0;  // beyond the BMP, now "?"
    std::size_t unchecked_values = 0;     // tax ids and postcodes of a row without a country, which look like nobody's
};

// A job's rules, bound to one header. Keeps references to the settings, which must
// outlive it.
class mapper {
public:
    // Throws command_error(usage), naming all of them, for columns that the header lacks and for
    // fields that the API does not have, each with the nearest right name; and for a name of `repeated`
    // (core/column_names.hpp), which is that of several columns.
    mapper(const settings& job, const std::vector<std::string>& header, std::string source,
           const std::vector<std::string>& repeated = {});
    ~mapper();
    mapper(const mapper&) = delete;
    mapper& operator=(const mapper&) = delete;

    // The key cells, trimmed; several are joined by "|". Blank when all of them are.
    // Precondition, here and below: the record has as many cells as the header.
    [[nodiscard]] std::string key_of(const record& row) const;

    [[nodiscard]] mapped_record map(const record& row) const;

    // These fields alone, as far as they have no fault: a part of what map() gives, for less.
    [[nodiscard]] client_fields fields_of(const record& row, std::span<const field_code> fields) const;

    // A fault when the record has another number of cells than the header, or a key that a
    // spreadsheet has spoilt.
    [[nodiscard]] std::vector<fault> check_shape(const record& row) const;

    // Whether [source] only or skip leaves the record out. Throws command_error(usage) for a regular expression that
    // takes too long.
    [[nodiscard]] bool skips(const record& row) const;

    // Whether the key or a field is made of this column (from 0).
    [[nodiscard]] bool uses(std::size_t column) const;

    // Changes whenever the job or the header could map an equal record otherwise.
    [[nodiscard]] fingerprint rules() const { return rules_; }

    // Whether records name files, and which versions of them a record names: another text whenever one may be
    // another.
    [[nodiscard]] bool has_files() const { return has_files_; }
    [[nodiscard]] std::string file_versions(const record& row) const;

private:
    // Text of the job, or (with `column` set) a cell.
    struct part {
        static constexpr std::size_t literal = static_cast<std::size_t>(-1);
        std::size_t column = literal;
        std::string text;
    };
    struct bound_rule {
        field_code code{};
        const field_rule* rule = nullptr;
        std::vector<std::vector<part>> sources;  // the first of them that is not blank
        std::unique_ptr<text_transforms> transforms;
        std::string label;  // the columns or the template, for messages
    };

    struct bound_condition;

    void bind(const std::vector<field_rule>& rules, bool extra);
    void bind(const std::vector<row_condition>& conditions, bool skips);
    [[nodiscard]] std::vector<std::vector<part>> sources_of(const field_rule& rule);
    [[nodiscard]] std::vector<part> parts_of(const field_rule& rule);
    [[nodiscard]] std::unique_ptr<text_transforms> transforms_of(const field_rule& rule);
    [[nodiscard]] std::optional<fault> spoilt_key(const record& row) const;
    [[nodiscard]] std::string_view cell_of(const record& row, std::size_t column) const;
    [[nodiscard]] bool is_blank_word(std::string_view cell) const;
    [[nodiscard]] std::string text_of(const bound_rule& bound, const record& row) const;
    [[nodiscard]] std::size_t column_index(const std::string& name, job_position where);
    void refuse_repeated(const std::string& name, job_position where);
    [[nodiscard]] field_code code_of(const field_rule& rule, bool extra);
    void problem(job_position where, const std::string& text);
    void raise_problems() const;
    [[nodiscard]] std::optional<fault> damage_in(const bound_rule& bound, const record& row) const;
    [[nodiscard]] bool repeats_header(const record& row) const;
    [[nodiscard]] bool has_lone_key(const record& row) const;
    void verify(const record& row, mapped_record& into) const;
    void verify_number(const bound_rule& bound, std::string_view text, const record& row, mapped_record& into) const;
    void verify_text(const bound_rule& bound, std::string_view value, const record& row, mapped_record& into) const;
    void doubt(const bound_rule& bound, const record& row, fault f, mapped_record& into) const;
    void map_field(const bound_rule& bound, const record& row, mapped_record& into) const;

    const settings& job_;
    const std::vector<std::string>& header_;
    std::string source_;
    std::vector<std::size_t> key_columns_;
    std::vector<bound_rule> rules_bound_;
    std::vector<bound_condition> conditions_;
    attached_files files_;
    bool has_files_ = false;
    std::vector<std::string> repeated_;  // names that stand above several columns
    std::string problems_;
    fingerprint rules_;
};

}  // namespace baseload
