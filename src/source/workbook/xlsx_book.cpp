#include "source/workbook/xlsx_book.hpp"

#include "baseload/core/text.hpp"
#include "source/workbook/xlsx_reader.hpp"
#include "source/workbook/xml_parser.hpp"

#include <fmt/format.h>

#include <functional>
#include <utility>

namespace baseload {
namespace {

constexpr std::size_t max_format = 255;           // Excel's
constexpr std::size_t max_cell_formats = 65'536;  // Excel writes 65,490 at most

// Calls back at each element's beginning, which is all that these short parts need.
class element_handler final : public xml_handler {
public:
    using callback = std::function<void(std::string_view element, const xml_attributes& attributes)>;

    explicit element_handler(callback on_begin, callback on_end = {})
        : on_begin_(std::move(on_begin)), on_end_(std::move(on_end)) {}

    void begin(std::string_view element, const xml_attributes& attributes) override { on_begin_(element, attributes); }
    void end(std::string_view element) override {
        if (on_end_) {
            const XML_Char* none = nullptr;
            on_end_(element, xml_attributes(&none));
        }
    }
    void text(std::string_view /*piece*/) override {}

private:
    callback on_begin_;
    callback on_end_;
};

std::string folder_of(const std::string& part) {
    return part.substr(0, part.rfind('/') + 1);  // npos + 1 is 0
}

// Where the relations of a part are kept (OPC, ECMA-376 part 2).
std::string relations_part(const std::string& part) {
    const std::string folder = folder_of(part);
    return folder + "_rels/" + part.substr(folder.size()) + ".rels";
}

// A target as a relation gives it, from the archive's root.
// The archive has no folders to climb out of: what leads above its root just begins there.
std::string resolved(const std::string& target, std::string folder) {
    if (target.starts_with('/')) {
        return target.substr(1);
    }
    std::string rest = target;
    while (rest.starts_with("../")) {
        rest.erase(0, 3);
        if (!folder.empty()) {
            folder = folder_of(folder.substr(0, folder.size() - 1));
        }
    }
    return folder + rest;
}

// ST_OnOff (22.9.2.7): writers use several words.
bool is_true(std::string_view text) {
    return text == "1" || text == "true" || text == "on";
}

}  // namespace

xlsx_book::xlsx_book(const input_file& file) : name_(file.name()), archive_(file) {
    tables_.workbook = name_;
    // By relations and not by fixed names, as other programs than Excel choose other names for their parts.
    const std::string workbook = part_of_kind("", "/officeDocument");
    if (workbook.empty()) {
        refuse_broken_workbook(name_, "it names no workbook");
    }
    read_workbook(workbook);
    if (const std::string styles = part_of_kind(workbook, "/styles"); !styles.empty()) {
        read_styles(styles);
    }
    if (const std::string strings = part_of_kind(workbook, "/sharedStrings"); !strings.empty()) {
        tables_.strings = shared_strings(archive_.open(strings), name_ + ", " + strings);
    }
}

// The parts that a part refers to, by the ids of its relations; only those within the archive.
std::map<std::string, std::string> xlsx_book::relations_of(const std::string& part) const {
    std::map<std::string, std::string> found;
    // External targets are links to other files, which are never opened.
    element_handler handler([&](std::string_view element, const xml_attributes& a) {
        if (element == "Relationship" && a.get("TargetMode") != "External") {
            found[std::string(a.get("Id"))] =
                resolved(std::string(a.get("Target")), folder_of(part)) + '\n' + std::string(a.get("Type"));
        }
    });
    const std::string relations = relations_part(part);
    xml_parser(archive_.open(relations), name_ + ", " + relations, handler).read_all();
    return found;
}

// The part that another refers to by this kind of relation; "" when there is none.
std::string xlsx_book::part_of_kind(const std::string& part, std::string_view kind) const {
    for (const auto& [id, target] : relations_of(part)) {
        // The kinds are URIs, whose beginning differs between the two editions of the standard (transitional and
        // strict).
        if (target.ends_with(kind)) {
            return target.substr(0, target.find('\n'));
        }
    }
    return {};
}

void xlsx_book::read_workbook(const std::string& part) {
    const std::map<std::string, std::string> relations = relations_of(part);
    element_handler handler([&](std::string_view element, const xml_attributes& a) {
        if (element == "workbookPr") {
            // Newer Excel writes a second one in a namespace of its own (x15), which says nothing of dates.
            tables_.since_1904 = tables_.since_1904 || is_true(a.get("date1904"));
        } else if (element == "sheet") {
            const auto relation = relations.find(std::string(a.get("id")));
            if (relation == relations.end()) {
                refuse_broken_workbook(name_, fmt::format("its sheet {} is missing", a.get("name")));
            }
            // Charts and dialogs are sheets too, without rows.
            if (!relation->second.ends_with("/worksheet")) {
                return;  // a chart, a macro sheet
            }
            // veryHidden: only a macro can show it.
            const std::string_view state = a.get("state");
            sheets_.push_back({std::string(a.get("name")), state == "hidden" || state == "veryHidden"});
            parts_.push_back(relation->second.substr(0, relation->second.find('\n')));
        }
    });
    xml_parser(archive_.open(part), name_ + ", " + part, handler).read_all();
    if (sheets_.empty()) {
        refuse_broken_workbook(name_, "it has no sheet");
    }
}

void xlsx_book::read_styles(const std::string& part) {
    std::map<std::string, number_format> custom;
    bool in_cell_formats = false;
    element_handler handler(
        [&](std::string_view element, const xml_attributes& a) {
            if (element == "numFmt") {
                // A code may be hostile in length; Excel takes no more than that.
                custom[std::string(a.get("numFmtId"))] = parse_number_format(a.get("formatCode").substr(0, max_format));
            } else if (element == "cellXfs") {
                in_cell_formats = true;
                // Only these are formats of cells: cellStyleXfs has <xf> too.
            } else if (element == "xf" && in_cell_formats) {
                if (tables_.formats.size() == max_cell_formats) {
                    refuse_broken_workbook(name_,
                                           fmt::format("it has more than {} cell formats", grouped(max_cell_formats)));
                }
                const std::string id(a.get("numFmtId", "0"));
                const auto own = custom.find(id);
                const auto number = parse_index(id);
                // An id that is no number has no meaning, and gives a plain number.
                tables_.formats.push_back(own != custom.end()
                                              ? own->second
                                              : builtin_number_format(static_cast<std::uint32_t>(
                                                    std::min<std::size_t>(number.value_or(0), 100'000))));
            }
        },
        [&](std::string_view element, const xml_attributes& /*none*/) {
            in_cell_formats = in_cell_formats && element != "cellXfs";
        });
    xml_parser(archive_.open(part), name_ + ", " + part, handler).read_all();
}

std::unique_ptr<sheet_reader> xlsx_book::read(std::size_t sheet) const {
    return std::make_unique<xlsx_reader>(tables_, archive_.open(parts_.at(sheet)),
                                         fmt::format("{}, {}", name_, parts_.at(sheet)));
}

}  // namespace baseload
