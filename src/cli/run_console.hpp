#pragma once

#include "baseload/import/import_run.hpp"
#include "baseload/report/rejects_file.hpp"

#include <filesystem>
#include <memory>
#include <optional>

namespace baseload {

// What a person sees of a run while it goes on, on standard error, and the rejects file. On
// a terminal progress is one line that is written over; elsewhere a line a minute. Quiet,
// it shows rejected and doubtful rows alone.
class run_console : public run_observer {
public:
    run_console(bool quiet, std::optional<std::filesystem::path> rejects);

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
    [[nodiscard]] std::chrono::milliseconds progress_interval() const override;

    // Ends the progress line and the rejects file, and says how many rows were not shown.
    void finish();

private:
    [[nodiscard]] static std::string names_of(const std::vector<std::string>& keys, std::uint64_t count);
    void clear_line();
    // Shows the first few; the others are counted in `hidden`.
    void show_row(const std::string& text, std::uint64_t& hidden);

    std::string source_;
    std::shared_ptr<const line_places> places_;
    bool quiet_;
    bool terminal_;
    bool line_is_open_ = false;
    std::uint64_t shown_rows_ = 0;
    std::uint64_t hidden_rejections_ = 0;
    std::uint64_t hidden_doubts_ = 0;
    std::uint64_t warnings_ = 0;
    bool has_rejections_ = false;
    std::optional<std::filesystem::path> rejects_path_;
    std::unique_ptr<rejects_file> rejects_;
};

}  // namespace baseload
