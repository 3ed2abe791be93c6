#include "rules_fingerprint.hpp"

#include <fmt/format.h>

#include <string_view>

namespace baseload {
namespace {

// Raised when this version maps an equal record under an equal job otherwise than the
// last did, so that every record is mapped anew once.
constexpr std::string_view mapping_version = "2";

// Texts led by their lengths, so that no two lists of texts read the same.
class digest {
public:
    void add(std::string_view text) {
        bytes_ += std::to_string(text.size());
        bytes_ += ':';
        bytes_ += text;
    }

    void add(const std::vector<field_rule>& rules) {
        for (const field_rule& rule : rules) {
            add(rule.field);
            add(rule.column);
            add(rule.pattern);
            for (const auto& [from, to] : rule.map) {
                add(from);
                add(to);
            }
            add(rule.default_text);
            add(rule.blank == blank_policy::clear ? "clear" : "keep");
            add(rule.overflow == overflow_policy::truncate ? "truncate" : "reject");
            add_transforms(rule);
        }
        add("end of rules");
    }

    // A rule without any keeps the fingerprint that it had before there were transforms. Enumerators are added by their
    // numbers: in another order, every row of such a rule would be mapped anew once.
    void add_transforms(const field_rule& rule) {
        for (const std::string& column : rule.first_of) {
            add("first_of");
            add(column);
        }
        if (rule.part != text_part::all) {
            add(fmt::format("part {}", static_cast<int>(rule.part)));
            add(rule.split);
        }
        for (const auto& [pattern, by] : rule.replace) {
            add("replace");
            add(pattern);
            add(by);
        }
        if (rule.errors == error_policy::blank) {
            add("errors blank");
        }
        if (rule.verify != verify_policy::warn) {
            add(fmt::format("verify {}", static_cast<int>(rule.verify)));
        }
        // From the account's list, if it was asked: other options may make another value of an equal cell.
        if (rule.editor != editor_type::unknown) {
            add(fmt::format("editor {} {}", static_cast<int>(rule.editor), rule.date_format));
            add(rule.options);
        }
        if (!rule.phone_region.empty()) {
            add("phone " + rule.phone_region);
        }
        for (const letter_transform how : rule.transforms) {
            add(fmt::format("transform {}", static_cast<int>(how)));
        }
    }

    void add(const std::vector<std::string>& texts) {
        for (const std::string& text : texts) {
            add(text);
        }
        add("end of texts");
    }

    [[nodiscard]] fingerprint result() const { return fingerprint_of(bytes_); }

private:
    std::string bytes_;
};

}  // namespace

fingerprint fingerprint_of_rules(const settings& job, const std::vector<std::string>& header) {
    digest d;
    d.add(mapping_version);
    // Columns are bound by position, so their order counts. The folder of files does not: file_versions() tells.
    d.add(header);
    d.add(job.key.columns);
    d.add(job.fields);
    d.add(job.extra_fields);
    // What makes other cells of an equal record. A plain job's fingerprint stays as it was.
    if (job.source.quote) {
        d.add(fmt::format("quote {}", static_cast<int>(*job.source.quote)));
    }
    if (job.source.escape) {
        d.add(fmt::format("escape {}", static_cast<int>(*job.source.escape)));
    }
    if (job.source.has_header) {
        d.add(*job.source.has_header ? "header" : "no header");
    }
    if (job.source.relaxed_quotes) {
        d.add("relaxed");
    }
    if (job.source.pad_ragged) {
        d.add("pad");
    }
    if (!job.source.blank.empty()) {
        d.add("blank");
        d.add(std::vector<std::string>(job.source.blank.begin(), job.source.blank.end()));
    }
    return d.result();
}

}  // namespace baseload
