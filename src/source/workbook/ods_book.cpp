#include "source/workbook/ods_book.hpp"

#include "baseload/core/command_error.hpp"
#include "source/workbook/ods_reader.hpp"
#include "source/workbook/xml_parser.hpp"

#include <fmt/format.h>

#include <set>

namespace baseload {
namespace {

constexpr const char* content_part = "content.xml";

// The sheets' names, and by their styles which of them are hidden. Styles come before the sheets in the document, so
// one pass is enough.
class sheet_lister final : public xml_handler {
public:
    explicit sheet_lister(std::vector<sheet_info>& sheets) : sheets_(sheets) {}

    void begin(std::string_view element, const xml_attributes& a) override {
        if (element == "style") {
            style_ = a.get("name");
        } else if (element == "table-properties" && a.get("display") == "false") {
            hidden_styles_.insert(style_);
            // A table inside a cell of another is none of the sheets.
        } else if (element == "table" && depth_++ == 0) {
            const bool hidden = hidden_styles_.contains(std::string(a.get("style-name")));
            sheets_.push_back({std::string(a.get("name")), hidden});
        }
    }
    void end(std::string_view element) override { depth_ -= element == "table" ? 1 : 0; }
    void text(std::string_view /*piece*/) override {}

private:
    std::vector<sheet_info>& sheets_;
    std::set<std::string> hidden_styles_;
    std::string style_;
    int depth_ = 0;
};

}  // namespace

ods_book::ods_book(const input_file& file) : name_(file.name()), archive_(file) {
    // An encrypted part is an ordinary zip member there; only the manifest tells.
    const std::string manifest = "META-INF/manifest.xml";
    if (archive_.has(manifest) && archive_.content(manifest).find("encryption-data") != std::string::npos) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: is protected by a password; save it without one and try again", name_));
    }
    sheet_lister lister(sheets_);
    // The whole document once, for the names; each reader of a sheet goes through it again.
    xml_parser(archive_.open(content_part), name_ + ", " + content_part, lister).read_all();
    if (sheets_.empty()) {
        throw command_error(exit_code::usage, fmt::format("{}: has no sheet; is it a spreadsheet?", name_));
    }
}

std::unique_ptr<sheet_reader> ods_book::read(std::size_t sheet) const {
    return std::make_unique<ods_reader>(archive_.open(content_part), name_ + ", " + content_part, sheet);
}

}  // namespace baseload
