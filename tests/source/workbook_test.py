"""Workbooks of several writers are read alike, and hostile ones are refused in little time and memory."""
import json
import os
import pathlib
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile

import workbook_files as files

EXECUTABLE = sys.argv[1]
SHEET = "xl/worksheets/sheet1.xml"
PATIENCE = 120


class WorkbookTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baseload-workbook-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / "book.xlsx"

    def preview(self, path, *options):
        return subprocess.run([EXECUTABLE, "preview", str(path), "--all", "--json", *options], capture_output=True,
                              text=True, timeout=PATIENCE)

    def records(self, path):
        result = self.preview(path)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def job(self, text):
        (self.folder / "job.toml").write_text(text + '\n[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\n')
        return self.folder / "job.toml"

    def refusal(self, content, *words):
        """What the program says of a file; it must say it with exit code 2."""
        if isinstance(content, dict):
            files.write_parts(self.path, content)
        else:
            self.path.write_bytes(content)
        result = self.preview(self.path)
        self.assertEqual(result.returncode, 2, result.stdout[:500] + result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)

    def refusal_in_bounds(self, parts, word):
        """As `refusal`, of a workbook that would fill the memory."""
        files.write_parts(self.path, parts)
        # The sanitizers reserve more than any limit.
        limit = None if os.environ.get("BASELOAD_PRELOAD_FIRST") else bounded_memory
        result = subprocess.run([EXECUTABLE, "preview", str(self.path)], capture_output=True, text=True,
                                timeout=PATIENCE, preexec_fn=limit)
        self.assertEqual(result.returncode, 2, result.stdout[:500] + result.stderr)
        self.assertIn(word, result.stderr)


class FeatureTest(WorkbookTest):
    def check_features(self, path):
        found = self.records(path)
        self.assertEqual(found[0], files.HEADER)
        self.assertEqual(found[1:], files.ROWS)

    def test_xlsxwriter(self):
        files.features(self.path)
        self.check_features(self.path)

    def test_xlsxwriter_with_inline_strings(self):
        files.features(self.path, constant_memory=True)
        self.check_features(self.path)

    def test_openpyxl(self):
        files.features_openpyxl(self.path)
        self.check_features(self.path)

    def test_libreoffice_writes_xlsx(self):
        files.features(self.path)
        self.check_features(files.converted(self.path, "xlsx"))

    def test_libreoffice_writes_ods(self):
        files.features(self.path)
        # It keeps a truth of another program as a number, and knows no days before 1899-12-30.
        found = self.records(files.converted(self.path, "ods"))
        truth = files.HEADER.index("Zgoda")
        for row in found[1:]:
            row[truth] = {"1": "TRUE", "0": "FALSE"}.get(row[truth], row[truth])
        self.assertEqual(found, [files.HEADER, *files.ROWS])

    def test_old_workbooks_are_converted(self):
        files.features(self.path)
        old = files.converted(self.path, "xls")
        self.check_features(old)
        renamed = self.folder / "export.csv"  # the content decides, and not the name
        shutil.copy(old, renamed)
        self.check_features(renamed)

    def test_without_a_converter_an_old_workbook_is_refused_with_what_to_install(self):
        files.features(self.path)
        old = files.converted(self.path, "xls")
        result = subprocess.run([EXECUTABLE, "preview", str(old)], capture_output=True, text=True,
                                env={"PATH": "/nonexistent"}, timeout=PATIENCE)
        self.assertEqual(result.returncode, 2)
        self.assertIn("install the package libreoffice-calc", result.stderr)
        self.assertIn("save the workbook as .xlsx", result.stderr)

    def test_standard_input(self):
        files.features(self.path)
        with open(self.path, "rb") as book:
            result = subprocess.run([EXECUTABLE, "preview", "-", "--all", "--json"], stdin=book, capture_output=True,
                                    text=True, timeout=PATIENCE)
        self.assertEqual([json.loads(line) for line in result.stdout.splitlines()][1:], files.ROWS)

    def test_the_preview_counts_hidden_rows_and_names_the_header(self):
        files.features(self.path)
        shown = subprocess.run([EXECUTABLE, "preview", str(self.path)], capture_output=True, text=True,
                               timeout=PATIENCE).stdout
        self.assertIn('"Klienci"  (the others are "Ukryty" (hidden))', shown)
        self.assertIn("row 4 is the header", shown)
        self.assertIn("1 of them hidden", shown)

    def test_a_sheet_is_chosen_by_name_or_number(self):
        files.features(self.path)
        for sheet in ('"Klienci"', "2"):
            job = self.job(f'[source]\npath = "book.xlsx"\nsheet = {sheet}')
            self.assertEqual(self.records(job)[1:], files.ROWS)
        result = self.preview(self.job('[source]\npath = "book.xlsx"\nsheet = "Klienty"'))
        self.assertIn('has no sheet "Klienty" (did you mean "Klienci"?)', result.stderr)

    def test_the_header_can_be_given(self):
        files.features(self.path)
        found = self.records(self.job('[source]\npath = "book.xlsx"\nskip_lines = 3\nheader = true'))
        self.assertEqual(found, [files.HEADER, *files.ROWS])

    def test_a_sheet_without_a_header_has_numbered_columns(self):
        parts = files.plain(self.path)
        files.write_parts(self.path, {name: content.replace(b"<si><t>Nazwa</t></si>", b"<si><t>jan@example.pl</t></si>")
                                      for name, content in parts.items()})
        self.assertEqual(self.records(self.path), [["1", "2"], ["Kod", "jan@example.pl"], ["K1", "Jan"]])

    def test_days_count_from_1904_where_the_workbook_says_so(self):
        import datetime
        import xlsxwriter
        book = xlsxwriter.Workbook(self.path, {"date_1904": True})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Kod", "Data"])
        sheet.write(1, 0, "K1")
        sheet.write(1, 1, datetime.date(2024, 2, 29), book.add_format({"num_format": "d mmm yy"}))
        book.close()
        self.assertEqual(self.records(self.path)[1], ["K1", "2024-02-29"])

    def test_cells_and_rows_need_not_say_where_they_are(self):
        parts = files.plain(self.path)
        parts[SHEET] = (b'<worksheet><sheetData><row><c t="inlineStr"><is><t>Kod</t></is></c><c t="inlineStr"><is><t>'
                        b'Nazwa</t><rPh sb="0" eb="1"><t>kana</t></rPh></is></c></row><row r="5"><c r="B5" '
                        b't="inlineStr"><is><t xml:space="preserve"> a_x000D_\r\nb_x0041_ </t></is></c></row>'
                        b'</sheetData></worksheet>')
        files.write_parts(self.path, parts)
        self.assertEqual(self.records(self.path), [["Kod", "Nazwa"], ["", " a\nbA "]])

    def test_what_excel_opens_is_read(self):
        """A value beside a text of the cell's own, a blank index, a character in two escapes; names in another case and
        with back slashes; days from 1904 where a second workbookPr says nothing of them; an .ods without mimetype."""
        parts = files.plain(self.path)
        parts[SHEET] = (b'<worksheet><sheetData><row><c t="inlineStr"><is><t>Kod</t></is></c><c t="inlineStr"><is><t>'
                        b'Nazwa</t></is></c><c t="inlineStr"><is><t>X</t></is></c></row><row><c t="inlineStr"><v>1.0</v>'
                        b'<is><t>1.</t></is></c><c t="inlineStr"><is><t>_xD83D__xDE42_</t></is></c><c t="s"><v></v></c>'
                        b'</row></sheetData></worksheet>')
        strange = {name.replace("xl/worksheets", "xl\\WorkSheets").replace("sharedStrings", "SharedStrings"): content
                   for name, content in parts.items()}
        files.write_parts(self.path, strange)
        self.assertEqual(self.records(self.path), [["Kod", "Nazwa", "X"], ["1.", "🙂", ""]])
        self.test_days_count_from_1904_where_the_workbook_says_so()
        parts = files.parts_of(self.path)
        book = parts["xl/workbook.xml"].replace(b"</workbook>", b'<extLst><ext xmlns:x15="urn:x"><x15:workbookPr '
                                                b'chartTrackingRefBase="1"/></ext></extLst></workbook>')
        files.write_parts(self.path, {**parts, "xl/workbook.xml": book})
        self.assertEqual(self.records(self.path)[1], ["K1", "2024-02-29"])
        table = ('<table:table table:name="A"><table:table-row><table:table-cell office:value-type="string"><text:p>Kod'
                 '</text:p></table:table-cell></table:table-row></table:table>')
        namespaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
        files.write_parts(self.path, {
            "META-INF/manifest.xml": b"<manifest/>",
            "content.xml": f"<office:document-content {namespaces}><office:body><office:spreadsheet>{table}"
                           "</office:spreadsheet></office:body></office:document-content>".encode()})
        self.assertEqual(self.records(self.path), [["Kod"]])

    def test_a_bare_stream_of_an_old_workbook_is_known(self):
        environment = {**os.environ, "PATH": "/nonexistent"}
        self.path.write_bytes(bytes([9, 8, 16, 0, 0, 6, 5, 0]) + bytes(300))
        shown = subprocess.run([EXECUTABLE, "preview", str(self.path)], capture_output=True, text=True, env=environment,
                               timeout=PATIENCE)
        self.assertEqual(shown.returncode, 2)
        self.assertIn("is an .xls workbook, which LibreOffice has to convert", shown.stderr)

    def test_merged_cells_below_the_header_are_named(self):
        book = files.xlsxwriter.Workbook(self.path)
        sheet = book.add_worksheet("Klienci")
        sheet.merge_range("A1:B1", "Lista klientów")  # of the title, which concerns no customer
        sheet.write_row("A2", ["Kod", "Miasto"])
        sheet.write_column("A3", ["K1", "K2", "K3"])
        sheet.merge_range("B3:B5", "Łódź")
        book.close()
        for path in (self.path, files.converted(self.path, "ods")):
            (self.folder / "job.toml").write_text(f'[source]\npath = "{path}"\n[key]\ncolumns = ["Kod"]\n[fields]\n'
                                                  'login = "Kod"\ninvoice_city = "Miasto"\n')
            for command in ("check", "plan"):
                shown = subprocess.run([EXECUTABLE, command, str(self.folder / "job.toml")], capture_output=True,
                                       text=True, timeout=PATIENCE)
                self.assertIn("cells are merged in B3:B5: the value belongs to the first", shown.stdout, shown.stderr)

    def test_a_cell_that_nobody_can_tell_is_a_fault_of_its_row(self):
        parts = files.plain(self.path)
        parts[SHEET] = (b'<worksheet><sheetData><row><c t="inlineStr"><is><t>Kod</t></is></c><c t="inlineStr"><is><t>'
                        b'Nazwa</t></is></c></row><row><c t="inlineStr"><is><t>K1</t></is></c><c><f>A1</f></c></row>'
                        b'<row><c t="inlineStr"><is><t>K2</t></is></c><c t="e"><v>#N/A</v></c></row>'
                        b'<row><c t="e"><v>#REF!</v></c><c><v>1</v></c></row><row><c t="inlineStr"><is><t>K4</t></is>'
                        b'</c><c><v>1.23456789012345E+25</v></c></row></sheetData></worksheet>')
        files.write_parts(self.path, parts)
        job = self.folder / "job.toml"
        rejects = self.folder / "rejects.csv"
        text = ('[source]\npath = "book.xlsx"\n[key]\ncolumns = ["Kod"]\n[fields]\nlogin = "Kod"\n'
                'notes = { column = "Nazwa"OPTION }\n')
        job.write_text(text.replace("OPTION", ""))
        result = subprocess.run([EXECUTABLE, "check", str(job), "--rejects", str(rejects)], capture_output=True,
                                text=True, timeout=PATIENCE)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("4 rows with faults", result.stdout)
        # What is not mended stays a fault when the rejects are loaded, and clears nothing.
        again = subprocess.run([EXECUTABLE, "check", str(job), str(rejects)], capture_output=True, text=True,
                               timeout=PATIENCE)
        self.assertIn("4 rows with faults", again.stdout)
        job.write_text(text.replace("OPTION", ', errors = "blank"'))
        result = subprocess.run([EXECUTABLE, "check", str(job)], capture_output=True, text=True, timeout=PATIENCE)
        self.assertIn("1 row with faults", result.stdout)


class HostileTest(WorkbookTest):
    """Each is refused with words, at once and in little memory."""

    def setUp(self):
        super().setUp()
        self.parts = files.plain(self.path)

    def with_sheet(self, rows):
        return {**self.parts, SHEET: b"<worksheet><sheetData>" + rows + b"</sheetData></worksheet>"}

    def test_bomb(self):
        bomb = b"<worksheet><sheetData>" + b" " * (300 << 20) + b"</sheetData></worksheet>"
        self.refusal({**self.parts, SHEET: bomb}, "unpacks from")

    def test_document_types_and_entities(self):
        for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
            with self.subTest(part):
                evil = b'<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><x>&c;</x>'
                self.refusal({**self.parts, part: evil}, part, "document type")

    def test_wrong_checksum(self):
        content = bytearray(self.path.read_bytes())
        at = content.find(b"PK\x01\x02")
        while at >= 0:
            struct.pack_into("<I", content, at + 16, 0x12345678)
            at = content.find(b"PK\x01\x02", at + 4)
        self.refusal(bytes(content), "broken or hostile zip file")

    def test_sizes_that_lie(self):
        for size in (5, 1 << 20):
            with self.subTest(size):
                files.write_parts(self.path, self.parts)
                content = bytearray(self.path.read_bytes())
                name = content.rfind(SHEET.encode())
                struct.pack_into("<I", content, name - 46 + 24, size)
                self.refusal(bytes(content), "broken or hostile zip file")

    def test_cut_off(self):
        content = self.path.read_bytes()
        for share in (0.2, 0.5, 0.9, 0.99):
            with self.subTest(share):
                self.refusal(content[:int(len(content) * share)], "zip")

    def test_dangling_text(self):
        self.refusal(self.with_sheet(b'<row><c t="s"><v>77</v></c></row>'), "text number 77")
        self.refusal(self.with_sheet(b'<row><c t="s"><v>-1</v></c></row>'), "text number -1")

    def test_dangling_style(self):
        self.refusal(self.with_sheet(b'<row><c s="99"><v>7</v></c></row>'), "style number 99")

    def test_missing_parts(self):
        for part in (SHEET, "xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"):
            with self.subTest(part):
                self.refusal({name: content for name, content in self.parts.items() if name != part}, "missing")

    def test_numbers_that_are_none(self):
        for value in (b"12x", b"1e999", b"nan", b"inf", b"0x10"):
            with self.subTest(value):
                self.refusal(self.with_sheet(b"<row><c><v>" + value + b"</v></c></row>"), "should be a number")

    def test_places_that_do_not_exist(self):
        self.refusal(self.with_sheet(b'<row><c r="XFE1"><v>1</v></c></row>'), "XFE1")
        self.refusal(self.with_sheet(b'<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'), "A1")
        self.refusal(self.with_sheet(b'<row r="9999999"><c><v>1</v></c></row>'), "9999999")
        self.refusal(self.with_sheet(b'<row r="2"/><row r="2"/>'), "after row 2 comes row 2")

    def test_deep_nesting_and_endless_tags(self):
        self.refusal(self.with_sheet(b"<a>" * 10_000 + b"</a>" * 10_000), "nested")
        self.refusal(self.with_sheet(b'<row x="' + bytes(range(97, 122)) * 600_000 + b'"/>'), "MiB")

    def test_a_cell_beyond_all_measure(self):
        text = bytes(range(97, 122)) * 100_000
        self.refusal(self.with_sheet(b'<row><c t="inlineStr"><is><t>' + text + b"</t></is></c></row>"), "more than")

    def test_a_shared_text_beyond_all_measure(self):
        self.refusal_in_bounds({**self.with_sheet(b"<row>" + b'<c t="s"><v>1</v></c>' * 16_000 + b"</row>"),
                                "xl/sharedStrings.xml": b"<sst><si><t>Kod</t></si><si><t>" + b"A" * 1_000_000 +
                                                        b"</t></si></sst>"}, "text number 1 has more than")

    def test_rows_that_grow_beyond_all_measure(self):
        strings = {"xl/sharedStrings.xml": b"<sst><si><t>Kod</t></si><si><t>" + b"A" * 250_000 + b"</t></si></sst>"}
        header = b"<row>" + b"".join(b'<c t="inlineStr"><is><t>%c</t></is></c>' % name for name in b"abcdefgh") + b"</row>"
        text = b'<c t="s"><v>1</v></c>'
        self.refusal_in_bounds({**self.with_sheet(header + b"<row>" + text * 9 + b"</row>"), **strings},
                               "row 2 holds more than 2 MiB of text")
        self.refusal_in_bounds({**self.with_sheet(header + (b"<row>" + text * 8 + b"</row>") * 2_200), **strings},
                               "more than 4 GiB of text")

    def test_cells_without_end(self):
        header = b'<row><c t="inlineStr"><is><t>Kod</t></is></c></row>'
        wide = b'<row><c r="EYZ1"><v>1</v></c></row>'
        self.refusal(self.with_sheet(header + b'<row><c r="XFD1"><v>1</v></c></row>'), "reaches column XFD")
        narrow = b"<row><c><v>1</v></c></row>" * 100
        self.refusal_in_bounds(self.with_sheet(header + narrow + wide * 75_000), "more than 250,000,000 cells")

    def test_more_cell_formats_than_excel_has(self):
        self.refusal({**self.parts, "xl/styles.xml": b"<styleSheet><cellXfs>" + b"<xf/>" * 70_000 +
                      b"</cellXfs></styleSheet>"}, "cell formats")

    def test_no_sheet(self):
        self.refusal({**self.parts, "xl/workbook.xml": b"<workbook/>"}, "no sheet")

    def test_not_well_formed(self):
        self.refusal({**self.parts, SHEET: b"<worksheet><sheetData><row>"}, "broken")
        self.refusal({**self.parts, SHEET: b""}, "broken")

    def test_password(self):
        self.refusal(b"\xD0\xCF\x11\xE0" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(500),
                     "password")

        # Before Excel 2007: FilePass behind the beginning of the workbook's stream, wherever that stands.
        begin = bytes([9, 8, 16, 0, 0, 6, 5, 0]) + bytes(12)
        compound = b"\xD0\xCF\x11\xE0" + bytes(1020)
        names = "Workbook".encode("utf-16-le") + bytes(500)
        self.refusal(compound + begin + bytes([0x2F, 0, 4, 0, 1, 2, 3, 4]) + names, "password")
        self.refusal(begin + bytes([0x2F, 0, 4, 0, 1, 2, 3, 4]) + bytes(500), "password")
        self.refusal(compound + bytes([9, 8, 8, 0, 0, 5, 5, 0]) + bytes(4) +
                     bytes([0x42, 0, 2, 0, 0x2D, 0x27]) + names, "on a Mac", "save it as .xlsx")

    def test_a_broken_old_workbook_is_refused(self):
        files.features(self.path)
        old = files.converted(self.path, "xls").read_bytes()
        # LibreOffice would take it for a text of one column.
        self.refusal(old[:4] + bytes(4) + old[8:], "LibreOffice cannot convert this .xls workbook")
        self.refusal(old[:len(old) // 2], "is a document of an old office program")

    def test_what_is_no_workbook_is_called_what_it_is(self):
        self.path = self.folder / "export.xls"
        self.refusal(b"<html><body><table><tr><td>Kod</td></tr></table>", "a web page, though its name ends in .xls")
        self.refusal(b"\xEF\xBB\xBF\r\n<TABLE>", "a web page")
        self.refusal(b'<?xml version="1.0"?><Workbook/>', "an XML document")
        self.path.write_text("Kod;Nazwa\nK1;Jan\n")
        self.assertEqual(self.records(self.path), [["Kod", "Nazwa"], ["K1", "Jan"]])
        self.refusal({"word/document.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}, "Word document")
        self.refusal({"a.csv": b"a;b\n1;2\n", "b.csv": b"a;b\n1;2\n"}, "2 files")

    def test_csv_in_a_zip_file(self):
        files.write_parts(self.path, {"clients.csv": "Kod;Nazwa\nK1;Łódź\n".encode("cp1250")})
        self.assertEqual(self.records(self.path), [["Kod", "Nazwa"], ["K1", "Łódź"]])


class OdsTest(WorkbookTest):
    def refuse(self, table, *words):
        self.write(table)
        self.refusal(self.path.read_bytes(), *words)

    def write(self, table):
        files.write_parts(self.path, {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:c="c">'
                           f'<office:body><office:spreadsheet><table:table table:name="A">{table}</table:table>'
                           "</office:spreadsheet></office:body></office:document-content>"})

    @staticmethod
    def cell(text, attributes=""):
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    def header(self):
        return "<table:table-row>" + self.cell("Kod") + self.cell("Nazwa") + "</table:table-row>"

    def test_repeats_notes_and_merged_cells(self):
        self.write(self.header() + '<table:table-row table:number-rows-repeated="2">' +
                   self.cell("K1", 'table:number-columns-repeated="2"') + "</table:table-row>"
                   '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
                   'table:number-columns-repeated="16384"/></table:table-row>'
                   '<table:table-row table:visibility="filter"><table:table-cell><office:annotation><text:p>uwaga'
                   "</text:p></office:annotation><text:p>a<text:s text:c=\"3\"/>b</text:p><text:p>c</text:p>"
                   '</table:table-cell><table:covered-table-cell><text:p>x</text:p></table:covered-table-cell>'
                   "</table:table-row>")
        self.assertEqual(self.records(self.path),
                         [["Kod", "Nazwa"], ["K1", "K1"], ["K1", "K1"], ["a   b\nc", ""]])

    def test_times_and_moments(self):
        def value(kind, attribute, text):
            return self.cell("?", f'office:value-type="{kind}" office:{attribute}="{text}"')
        self.write(self.header() + "<table:table-row>" + value("time", "time-value", "-PT1H30M0S") +
                   value("date", "date-value", "2024-12-31T23:59:59.9999999") + "</table:table-row><table:table-row>" +
                   value("time", "time-value", "PT26H0M0.4S") + value("date", "date-value", "1899-01-31") +
                   "</table:table-row>")
        self.assertEqual(self.records(self.path)[1:],
                         [["-01:30:00", "2025-01-01T00:00:00"], ["26:00:00", "1899-01-31"]])

    def test_hostile(self):
        self.refuse(self.header() + '<table:table-row table:number-rows-repeated="99999999999">' + self.cell("1") +
                    "</table:table-row>", "repeated")
        self.refuse(self.header() + "<table:table-row>" + self.cell("1", 'table:number-columns-repeated="16385"') +
                    "</table:table-row>", "repeated")
        self.refuse(self.header() + '<table:table-row><table:table-cell office:value-type="float" office:value="x"/>'
                    "</table:table-row>", "should be a number")
        self.refuse(self.header() + "<table:table-row>" + self.cell("A" * 1_000_000,
                    'table:number-columns-repeated="16000"') + "</table:table-row>", "more than")
        self.refuse(self.header() + "<table:table-row>" + self.cell("A" * 1_000,
                    'table:number-columns-repeated="4000"') + "</table:table-row>", "more than 2 MiB")
        self.refuse(self.header() + '<table:table-row table:number-rows-repeated="1000000">' +
                    self.cell("1", 'table:number-columns-repeated="4000"') + "</table:table-row>", "cells")
        files.write_parts(self.path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                                      "META-INF/manifest.xml": "<m><encryption-data/></m>", "content.xml": "x"})
        self.refusal(self.path.read_bytes(), "password")


def bounded_memory():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


def bounded():
    """What a reader may take: a bomb that goes off takes more."""
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))


if __name__ == "__main__":
    bounded()
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
