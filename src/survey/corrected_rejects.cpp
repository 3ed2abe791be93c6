#include "corrected_rejects.hpp"

#include "baseload/core/spreadsheet_text.hpp"

#include <utility>

namespace baseload {
namespace {

class reader final : public record_reader {
public:
    explicit reader(std::unique_ptr<record_reader> inner) : inner_(std::move(inner)) {}

    [[nodiscard]] const column_names& columns() const override { return inner_->columns(); }

    [[nodiscard]] bool next(record& into) override {
        if (!inner_->next(into)) {
            return false;
        }
        // The rejects file guards cells that a spreadsheet would take for a formula; that guard is no part of the
        // customer's text.
        for (std::string_view& cell : into.cells) {
            cell = from_text_cell(cell);
        }
        return true;
    }

    [[nodiscard]] std::vector<std::string> remarks() const override { return inner_->remarks(); }
    [[nodiscard]] std::optional<std::uint64_t> open_end() const override { return inner_->open_end(); }

private:
    std::unique_ptr<record_reader> inner_;
};

class source final : public record_source {
public:
    explicit source(std::unique_ptr<record_source> inner) : inner_(std::move(inner)) {}

    [[nodiscard]] const std::string& name() const override { return inner_->name(); }
    [[nodiscard]] std::uint64_t size() const override { return inner_->size(); }
    [[nodiscard]] bool has_changed() const override { return inner_->has_changed(); }
    [[nodiscard]] std::unique_ptr<record_reader> read() const override {
        return std::make_unique<reader>(inner_->read());
    }
    [[nodiscard]] column_names columns() const override { return inner_->columns(); }
    [[nodiscard]] source_description describe() const override { return inner_->describe(); }
    [[nodiscard]] std::vector<source_trait> tally() const override { return inner_->tally(); }
    [[nodiscard]] std::shared_ptr<const line_places> places() const override { return inner_->places(); }
    [[nodiscard]] std::vector<const record_source*> parts() const override { return inner_->parts(); }

private:
    std::unique_ptr<record_source> inner_;
};

}  // namespace

std::unique_ptr<record_source> corrected_rejects(std::unique_ptr<record_source> given) {
    return std::make_unique<source>(std::move(given));
}

}  // namespace baseload
