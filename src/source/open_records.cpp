#include "baseload/source/open_records.hpp"

#include "baseload/core/command_error.hpp"
#include "baseload/core/text.hpp"
#include "baseload/source/csv/csv_source.hpp"
#include "baseload/source/input_file.hpp"
#include "baseload/source/workbook/workbook_source.hpp"
#include "source/workbook/old_workbook.hpp"
#include "source/workbook/workbook_converter.hpp"
#include "source/zip_archive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace baseload {
namespace {

// A local file header (APPNOTE.TXT, 4.3.7), with which archives begin. An empty archive begins otherwise, and is no
// table.
constexpr std::string_view zip_signature = "PK\x03\x04";
constexpr std::string_view compound_signature = "\xD0\xCF\x11\xE0";  // OLE, in which .xls files are kept

// What a file that is no table gives away at its beginning, and what to do about it.
struct signature {
    std::string_view begin;  // in lower case
    std::string_view kind;
    std::string_view remedy;
};
// Reports that are saved as .xls often are web pages or XML.
constexpr std::array<signature, 8> foreign = {{
    {"%pdf", "a PDF", "export the table as CSV"},
    {"sqlite format 3", "an SQLite database", "export the table as CSV"},
    {"<!doctype html", "a web page", "open it in Excel or LibreOffice and save it as .xlsx"},
    {"<html", "a web page", "open it in Excel or LibreOffice and save it as .xlsx"},
    {"<table", "a web page", "open it in Excel or LibreOffice and save it as .xlsx"},
    {"<meta", "a web page", "open it in Excel or LibreOffice and save it as .xlsx"},
    {"<?xml", "an XML document", "open it in Excel or LibreOffice and save it as .xlsx"},
    {"{\\rtf", "a text document (RTF)", "export the table as CSV"},
}};

// MS-CFB keeps the names of its entries in UTF-16LE; all names asked for here are ASCII.
std::string in_utf16(std::string_view ascii) {
    std::string wide;
    for (const char c : ascii) {
        wide += c;
        wide += '\0';
    }
    return wide;
}

// Whether the file has one of these bytes anywhere.
bool holds(const input_file& file, const std::string& bytes) {
    std::string window;
    std::string piece(std::size_t{1} << 20U, '\0');
    for (std::uint64_t at = 0; at < file.size(); at += piece.size()) {
        const std::size_t count = file.read_at(at, piece.data(), piece.size());
        window.append(piece, 0, count);
        if (window.find(bytes) != std::string::npos) {
            return true;
        }
        // What could begin a match stays for the next piece.
        window.erase(0, window.size() - std::min(window.size(), bytes.size()));
    }
    return false;
}

void refuse_foreign_formats(std::string_view head, const input_file& file) {
    // Programs write UTF-8's mark before HTML too.
    if (head.starts_with("\xEF\xBB\xBF")) {
        head.remove_prefix(3);
    }
    const std::string begin = ascii_lower(trimmed(head));
    for (const auto& [signature, kind, remedy] : foreign) {
        if (begin.starts_with(signature)) {
            const std::string_view said = file.name().ends_with(".xls") ? ", though its name ends in .xls" : "";
            throw command_error(exit_code::usage, fmt::format("{}: is {}{}, not CSV and no workbook; {}", file.name(),
                                                              kind, said, remedy));
        }
    }
}

std::unique_ptr<record_source> open_old_workbook(const input_file& file, const source_options& options) {
    refuse_unreadable_old_workbook(file);
    return std::make_unique<workbook_source>(converted_workbook(file, "xls"), options.workbook);
}

// "EncryptedPackage" is the stream of a workbook with a password (MS-OFFCRYPTO); "Workbook" and, before Excel 97,
// "Book" is that of an .xls file. They are searched as bytes: no reader of the format is needed for a yes or no.
std::unique_ptr<record_source> open_compound(input_file file, const source_options& options) {
    if (holds(file, in_utf16("EncryptedPackage"))) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: is protected by a password; open it in Excel, take the password "
                                        "out (File, Info, Protect Workbook) and save it",
                                        file.name()));
    }
    const auto is_stream = [&](std::string_view name) { return holds(file, in_utf16(name)); };
    if (!is_stream("Workbook") && !is_stream("Book") && !is_stream("WORKBOOK") && !is_stream("BOOK")) {
        throw command_error(exit_code::usage,
                            fmt::format("{}: is a document of an old office program, and no workbook; export "
                                        "the table as CSV or .xlsx",
                                        file.name()));
    }
    return open_old_workbook(file, options);
}

// The stream of an .xls file without the document around it, as old exports of web shops write it: a BOF record of BIFF
// 2 to 8 (MS-XLS, 2.4.21), its length below 256.
bool is_bare_workbook(std::string_view head) {
    return head.size() > 4 && head[0] == '\x09' &&
           std::string_view("\x00\x02\x04\x08", 4).find(head[1]) != std::string_view::npos && head[3] == '\0';
}

}  // namespace

std::unique_ptr<record_source> open_records(const std::filesystem::path& path, const source_options& options) {
    // Opened once, and handed on: both passes and the judging here see the same file.
    input_file file(path);
    std::string head(std::min<std::uint64_t>(256, file.size()), '\0');
    head.resize(file.read_at(0, head.data(), head.size()));
    if (head.starts_with(compound_signature)) {
        return open_compound(std::move(file), options);
    }
    if (is_bare_workbook(head)) {
        return open_old_workbook(file, options);
    }
    if (head.starts_with(zip_signature)) {
        const std::vector<std::string> parts = zip_archive(file).names();
        const auto has = [&](const char* part) { return std::find(parts.begin(), parts.end(), part) != parts.end(); };
        // .xlsb has the frame of .xlsx and binary parts in it.
        if (has("xl/workbook.bin")) {
            return std::make_unique<workbook_source>(converted_workbook(file, "xlsb"), options.workbook);
        }
        // Before is_workbook(), since a Word document has [Content_Types].xml as well.
        if (has("word/document.xml")) {
            throw command_error(
                exit_code::usage,
                fmt::format("{}: is a Word document; copy its table into a workbook and save that", file.name()));
        }
        if (workbook_source::is_workbook(parts)) {
            return std::make_unique<workbook_source>(std::move(file), options.workbook);
        }
        // A zip file that is neither goes on to csv_source, which unpacks a lone member.
    }
    refuse_foreign_formats(head, file);
    return std::make_unique<csv_source>(std::move(file), options.csv);
}

}  // namespace baseload
