#include "baseload/source/combined_source.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

constexpr std::size_t absent = static_cast<std::size_t>(-1);
// Between cells and behind a flawed one in `record::raw`: no text of a file has them.
constexpr char end_of_cell = '\x1f';
constexpr char end_of_flawed_cell = '\x1e';

using sources = std::vector<std::unique_ptr<record_source>>;

// Of each column of the first source, which of another's it is.
std::vector<std::size_t> positions_of(const std::vector<std::string>& first, const std::vector<std::string>& own) {
    std::vector<std::size_t> positions;
    for (const std::string& name : first) {
        const auto at = std::find(own.begin(), own.end(), name);
        positions.push_back(at == own.end() ? absent : static_cast<std::size_t>(at - own.begin()));
    }
    return positions;
}

class reader final : public record_reader {
public:
    reader(const sources& parts, bool are_alike, std::shared_ptr<line_places> places)
        : parts_(parts), are_alike_(are_alike), places_(std::move(places)), columns_(parts.front()->columns()) {
        open(0);
    }

    [[nodiscard]] const column_names& columns() const override { return columns_; }

    [[nodiscard]] bool next(record& into) override {
        while (!inner_->next(are_alike_ ? into : own_)) {
            note_end();
            if (part_ + 1 == parts_.size()) {
                return false;
            }
            open(part_ + 1);
        }
        if (!are_alike_) {
            arrange(into);
        }
        into.line += before_;
        last_line_ = into.line;
        return true;
    }

    [[nodiscard]] std::vector<std::string> remarks() const override { return remarks_; }
    [[nodiscard]] std::optional<std::uint64_t> open_end() const override { return open_end_; }

private:
    void open(std::size_t part) {
        part_ = part;
        inner_ = parts_[part]->read();
        if (part > 0) {
            before_ = last_line_;
            // Each pass counts the same lines; the first one writes down where the files begin.
            if (places_->file_count() <= part) {
                places_->begin_file(before_, parts_[part]->name());
            }
        }
        positions_ = positions_of(columns_.names, inner_->header());
    }

    void note_end() {
        for (const std::string& remark : inner_->remarks()) {
            remarks_.push_back(parts_[part_]->name() + ": " + remark);
        }
        if (const auto line = inner_->open_end(); line && !open_end_) {
            open_end_ = before_ + *line;
        }
    }

    // The record of a source with other columns, or written in another way: equal cells make an equal `raw`.
    void arrange(record& into) {
        into.line = own_.line;
        into.cells.clear();
        into.flaws.clear();
        raw_.clear();
        if (own_.cells.size() != inner_->header().size()) {
            keep_as_it_is(into);
            return;
        }
        for (std::size_t column = 0; column < positions_.size(); ++column) {
            const std::size_t own = positions_[column];
            const bool is_there = own != absent;
            into.cells.push_back(is_there ? own_.cells[own] : std::string_view{});
            const auto flaw = std::find_if(own_.flaws.begin(), own_.flaws.end(),
                                           [&](const flawed_cell& f) { return is_there && f.column == own; });
            raw_ += into.cells.back();
            raw_ += flaw == own_.flaws.end() ? end_of_cell : end_of_flawed_cell;
            if (flaw != own_.flaws.end()) {
                into.flaws.push_back({column, flaw->flaw});
            }
        }
        into.raw = raw_;
    }

    // A row with too many or too few cells stays one: nobody knows which cell is which.
    void keep_as_it_is(record& into) {
        into.cells = own_.cells;
        into.flaws = own_.flaws;
        if (into.cells.size() == columns_.names.size()) {
            into.cells.emplace_back();
        }
        for (const std::string_view cell : into.cells) {
            raw_ += cell;
            raw_ += end_of_cell;
        }
        into.raw = raw_;
    }

    const sources& parts_;
    bool are_alike_;
    std::shared_ptr<line_places> places_;
    column_names columns_;
    std::size_t part_ = 0;
    std::unique_ptr<record_reader> inner_;
    std::vector<std::size_t> positions_;
    std::uint64_t before_ = 0;     // lines of the parts before
    std::uint64_t last_line_ = 0;  // of the record before
    std::vector<std::string> remarks_;
    std::optional<std::uint64_t> open_end_;
    record own_;
    std::string raw_;
};

class source final : public record_source {
public:
    explicit source(sources given)
        : parts_(std::move(given)), places_(std::make_shared<line_places>(parts_.front()->name())) {
        std::vector<std::string> names;
        const auto first = shape_of(*parts_.front());
        for (const auto& part : parts_) {
            names.push_back(part->name());
            are_alike_ = are_alike_ && shape_of(*part) == first;
        }
        name_ = few_names(names);
    }

    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] std::uint64_t size() const override {
        std::uint64_t all = 0;
        for (const auto& part : parts_) {
            all += part->size();
        }
        return all;
    }
    [[nodiscard]] bool has_changed() const override {
        return std::any_of(parts_.begin(), parts_.end(), [](const auto& part) { return part->has_changed(); });
    }
    [[nodiscard]] std::unique_ptr<record_reader> read() const override {
        return std::make_unique<reader>(parts_, are_alike_, places_);
    }
    [[nodiscard]] column_names columns() const override { return parts_.front()->columns(); }

    [[nodiscard]] source_description describe() const override {
        source_description all{.kind = std::to_string(parts_.size()) + " files", .traits = {}, .notices = {}};
        all.rejects_delimiter = parts_.front()->describe().rejects_delimiter;
        for (const auto& part : parts_) {
            const source_description own = part->describe();
            for (const source_trait& trait : own.traits) {
                all.traits.push_back(
                    {trait.option, trait.value, part->name() + (trait.note.empty() ? "" : ", ") + trait.note});
            }
            for (const std::string& notice : own.notices) {
                all.notices.push_back(part->name() + ": " + notice);
            }
        }
        return all;
    }

    [[nodiscard]] std::shared_ptr<const line_places> places() const override { return places_; }

    [[nodiscard]] std::vector<const record_source*> parts() const override {
        std::vector<const record_source*> all;
        for (const auto& part : parts_) {
            all.push_back(part.get());
        }
        return all;
    }

private:
    // Records of sources of one shape are equal where their `raw` is.
    static std::pair<std::vector<std::string>, std::string> shape_of(const record_source& part) {
        const source_description said = part.describe();
        const bool is_csv = said.sheets.empty();
        return {part.columns().names, is_csv ? std::string("CSV") + said.rejects_delimiter : "workbook"};
    }

    sources parts_;
    std::shared_ptr<line_places> places_;
    bool are_alike_ = true;
    std::string name_;
};

}  // namespace

std::unique_ptr<record_source> combined_source(std::vector<std::unique_ptr<record_source>> given) {
    return std::make_unique<source>(std::move(given));
}

}  // namespace baseload
