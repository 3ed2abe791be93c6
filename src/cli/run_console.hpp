#pragma once

#include "baseload/import/import_run.hpp"
#include "baseload/report/rejects_file.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace baseload {

// What a person sees of a run while it goes on, on standard error, and the rejects file. On
// a terminal progress is one line that is written over; elsewhere a line a minute. Quiet,
// it shows rejected and doubtful rows alone.
struct console_options {
    bool quiet = false;
    bool asks = false;  // before the first run of a journal; somebody is there to answer
    std::optional<std::uint64_t> limit_rows = {};
    std::string job = {};                                                 // of several: what is said names it
    std::string rejects = {};                                             // the rejects file; blank: none
    std::function<std::string()> went_in = [] { return std::string{}; };  // as run_observer has it
};

class run_console : public run_observer {
public:
    explicit run_console(console_options options);

    void opened(const record_source& source, const std::vector<std::string>& header) override;
    void foreseen(const forecast& f) override;
    void rejected(const rejection& r) override;
    void remarked(const std::string& remark, bool is_likely_wrong) override;
    void warned(const rejection& r) override;
    void similar(const std::vector<similar_key>& found, std::uint64_t count) override;
    void same(const std::vector<same_customer>& found, std::uint64_t count) override;
    void doubtful(const doubtful_create& d) override;
    void advanced(const progress& p) override;
    void missing(const missing_summary& m) override;
    [[nodiscard]] bool confirms_first_run(const forecast& f, const std::vector<planned_change>& samples) override;
    [[nodiscard]] std::string went_in() override;
    [[nodiscard]] std::chrono::milliseconds progress_interval() const override;

    // Ends the progress line and the rejects file, and says how many rows were not shown.
    void finish();

private:
    [[nodiscard]] static std::string names_of(const std::vector<std::string>& keys, std::uint64_t count);
    [[nodiscard]] static std::string answer();
    void close_rejects();
    // Shows the first few; the others are counted in `hidden`.
    void show_row(const std::string& text, const std::string& without_cells, std::uint64_t& hidden);
    void show_fault(const rejection& r, const fault& f);
    void show_causes();

    std::string source_;
    std::shared_ptr<const line_places> places_;
    console_options options_;
    bool terminal_;
    struct told_cause {
        rejection_cause cause;  // its example without the cell
        std::string with_cell;  // the same with it
    };
    std::vector<told_cause> causes_;
    std::uint64_t shown_rows_ = 0;
    std::uint64_t hidden_rejections_ = 0;
    std::uint64_t hidden_doubts_ = 0;
    std::uint64_t warnings_ = 0;
    bool has_rejections_ = false;
    std::unique_ptr<rejects_file> rejects_;
    bool rejects_are_closed_ = false;
};

}  // namespace baseload
