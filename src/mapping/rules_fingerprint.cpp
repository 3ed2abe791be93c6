#include "rules_fingerprint.hpp"

#include <fmt/format.h>

#include <string_view>

namespace baseload {
namespace {

// Raised when this version maps an equal record under an equal job otherwise than the
// last did, so that every record is mapped anew once.
constexpr std::string_view mapping_version = "1";

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
        }
        add("end of rules");
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
    d.add(header);
    d.add(job.key.columns);
    d.add(job.fields);
    d.add(job.extra_fields);
    // What makes other cells of an equal record. A plain job's fingerprint stays as it was.
    if (job.source.quote) {
        d.add(fmt::format("quote {}", static_cast<int>(*job.source.quote)));
    }
    if (job.source.relaxed_quotes) {
        d.add("relaxed");
    }
    if (job.source.pad_ragged) {
        d.add("pad");
    }
    return d.result();
}

}  // namespace baseload
