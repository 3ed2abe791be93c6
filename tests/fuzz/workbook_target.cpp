// Bytes as one part of a workbook, the others sound; or as the whole file. Broken ones must be
// refused by a stop; whatever is read is UTF-8, and its rows are in order.
#include "baseload/core/command_error.hpp"
#include "baseload/core/utf8.hpp"
#include "baseload/source/workbook/workbook_source.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using parts = std::vector<std::pair<std::string, std::string>>;

const parts sound_xlsx = {
    {"[Content_Types].xml", "<Types/>"},
    {"_rels/.rels", R"(<R><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></R>)"},
    {"xl/workbook.xml", R"(<w><workbookPr/><sheets><sheet name="A" r:id="s"/></sheets></w>)"},
    {"xl/_rels/workbook.xml.rels",
     R"(<R><Relationship Id="s" Type="x/worksheet" Target="sheet.xml"/><Relationship Id="t" Type="x/styles" Target="styles.xml"/><Relationship Id="u" Type="x/sharedStrings" Target="strings.xml"/></R>)"},
    {"xl/styles.xml",
     R"(<s><numFmts><numFmt numFmtId="164" formatCode="00-000"/><numFmt numFmtId="165" formatCode="dd.mm.yyyy hh:mm"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="9"/><xf numFmtId="46"/></cellXfs></s>)"},
    {"xl/strings.xml",
     "<sst><si><t>Kod</t></si><si><t>Nazwa</t></si><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>"},
    {"xl/sheet.xml",
     R"(<w><sheetData><row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c s="1"><v>950</v></c><c s="2"><v>45000.5</v></c></row></sheetData></w>)"},
};
const parts sound_ods = {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", ""}};

void expect(bool true_always) {
    if (!true_always) {
        std::abort();
    }
}

template <class Number>
void put(std::string& into, Number number) {
    for (std::size_t i = 0; i < sizeof number; ++i) {
        into += static_cast<char>(static_cast<std::uint64_t>(number) >> (8 * i));
    }
}

// A zip file that stores its parts unpacked (APPNOTE 4.3).
std::string zip_of(const parts& all) {
    std::string file;
    std::string directory;
    for (const auto& [name, content] : all) {
        const auto size = static_cast<std::uint32_t>(content.size());
        const auto crc = static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(content.data()), size));
        std::string common;
        put(common, std::uint16_t{20});
        put(common, std::uint64_t{0});  // flags, method, time, date
        put(common, crc);
        put(common, size);
        put(common, size);
        put(common, static_cast<std::uint16_t>(name.size()));
        put(common, std::uint16_t{0});
        directory += "PK\x01\x02";
        put(directory, std::uint16_t{20});
        directory += common;
        put(directory, std::uint16_t{0});  // comment
        put(directory, std::uint64_t{0});  // disk, attributes
        put(directory, static_cast<std::uint32_t>(file.size()));
        directory += name;
        file += "PK\x03\x04" + common + name + content;
    }
    const auto begin = static_cast<std::uint32_t>(file.size());
    file += directory + "PK\x05\x06";
    put(file, std::uint32_t{0});
    put(file, static_cast<std::uint16_t>(all.size()));
    put(file, static_cast<std::uint16_t>(all.size()));
    put(file, static_cast<std::uint32_t>(directory.size()));
    put(file, begin);
    put(file, std::uint16_t{0});
    return file;
}

// The first letter says which part the rest is.
std::string workbook_of(std::string_view input) {
    const auto which = static_cast<std::size_t>(input.front() - 'a');
    const std::string rest(input.substr(1));
    if (which < sound_xlsx.size()) {
        parts made = sound_xlsx;
        made[which].second = rest;
        return zip_of(made);
    }
    if (input.front() == 'o') {
        parts made = sound_ods;
        made[1].second = rest;
        return zip_of(made);
    }
    return rest;
}

void read_all(int file) {
    const baseload::workbook_source source(baseload::input_file("/proc/self/fd/" + std::to_string(file)));
    const auto reader = source.read();
    expect(!reader->header().empty());
    baseload::record row;
    std::uint64_t line = 0;
    // A row that is said to repeat a million times is read as often; the first thousands tell.
    for (int rows = 0; rows < 5'000 && reader->next(row); ++rows) {
        expect(row.line > line);
        line = row.line;
        expect(row.cells.size() >= reader->header().size());
        for (const std::string_view cell : row.cells) {
            for (std::size_t at = 0; at < cell.size();) {
                expect(baseload::next_character(cell, at) >= 0);
            }
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    if (count == 0) {
        return 0;
    }
    const std::string workbook = workbook_of({reinterpret_cast<const char*>(bytes), count});
    const int file = ::memfd_create("workbook", 0);
    expect(::write(file, workbook.data(), workbook.size()) == static_cast<ssize_t>(workbook.size()));
    try {
        read_all(file);
    } catch (const baseload::command_error&) {
        // Refused, with words.
    }
    ::close(file);
    return 0;
}
