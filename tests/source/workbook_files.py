"""Workbooks for the tests: each feature by each writer at hand, and hostile ones made by hand."""
import datetime
import pathlib
import subprocess
import zipfile

import openpyxl
import xlsxwriter

HEADER = ["Kod", "Nazwa", "Kod pocztowy", "Data", "Czas", "Telefon", "Kwota", "Rabat", "Zgoda", "Błąd", "Formuła"]

# What the rows of `features` read as, whoever wrote them.
ROWS = [
    ["007", "Zażółć gęślą jaźń & <syn>", "00-950", "2024-02-29", "2024-02-29T13:45:00", "48500123456", "1234.5",
     "12.5%", "TRUE", "#N/A", "A-007"],
    ["K2", "wiersz 1\nwiersz 2", "01-234", "1999-12-31", "", "0048 12", "0.3", "", "FALSE", "", "2"],
    ["K3", "東京 🙂", "00-001", "2026-11-24", "", "", "123456789012345", "", "", "#DIV/0!", ""],
]


def features(path, constant_memory=False):
    """With XlsxWriter: banners above the header, a hidden sheet before, a hidden row, a blank one."""
    book = xlsxwriter.Workbook(path, {"constant_memory": constant_memory})
    form = {name: book.add_format({"num_format": code}) for name, code in {
        "date": "dd.mm.yyyy", "time": "yyyy-mm-dd hh:mm", "postcode": "00-000", "red": '[Red]#,##0.00" dni"',
        "percent": "0.0%"}.items()}
    hidden = book.add_worksheet("Ukryty")
    sheet = book.add_worksheet("Klienci")
    sheet.activate()
    sheet.set_first_sheet()
    hidden.hide()
    hidden.write(0, 0, "nic")
    sheet.merge_range("A1:F1", "Lista klientów")
    sheet.write("A2", "Stan na:")
    sheet.write("B2", datetime.date(2026, 11, 24), form["date"])
    sheet.write_row(3, 0, HEADER)
    sheet.write_row(4, 0, ["007", "Zażółć gęślą jaźń & <syn>"])
    sheet.write(4, 2, 950, form["postcode"])
    sheet.write(4, 3, datetime.date(2024, 2, 29), form["date"])
    sheet.write(4, 4, datetime.datetime(2024, 2, 29, 13, 45), form["time"])
    sheet.write(4, 5, 48500123456)
    sheet.write(4, 6, 1234.5, form["red"])
    sheet.write(4, 7, 0.125, form["percent"])
    sheet.write(4, 8, True)
    sheet.write_formula(4, 9, "=NA()", None, "#N/A")
    sheet.write_formula(4, 10, '="A-"&A5', None, "A-007")
    sheet.set_row(5, None, None, {"hidden": True})
    sheet.write_row(5, 0, ["K2", "wiersz 1\nwiersz 2"])
    sheet.write(5, 2, 1234, form["postcode"])
    sheet.write(5, 3, datetime.date(1999, 12, 31), form["date"])
    sheet.write(5, 5, "0048 12")
    sheet.write(5, 6, 0.1 + 0.2)
    sheet.write(5, 8, False)
    sheet.write_formula(5, 10, "=1+1", None, 2)
    if constant_memory:
        sheet.write(7, 0, "K3")
        sheet.write(7, 1, "東京 🙂")
    else:
        bold = book.add_format({"bold": True})
        sheet.write(7, 0, "K3")
        sheet.write_rich_string(7, 1, "東", bold, "京", " 🙂")
    sheet.write(7, 2, 1, form["postcode"])
    sheet.write(7, 3, datetime.date(2026, 11, 24), form["date"])
    sheet.write(7, 6, 123456789012345)
    sheet.write_formula(7, 9, "=1/0", None, "#DIV/0!")
    book.close()


def features_openpyxl(path):
    """The same values in openpyxl's words; it writes no cached values, so formulas have none."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Klienci"
    sheet.append(["Lista klientów"])
    sheet.append([])
    sheet.append(HEADER)
    sheet.append(["007", "Zażółć gęślą jaźń & <syn>", 950, datetime.date(2024, 2, 29),
                  datetime.datetime(2024, 2, 29, 13, 45), 48500123456, 1234.5, 0.125, True, "#N/A", "A-007"])
    sheet.append(["K2", "wiersz 1\nwiersz 2", 1234, datetime.date(1999, 12, 31), None, "0048 12", 0.3, None, False,
                  None, 2])
    sheet.append(["K3", "東京 🙂", 1, datetime.date(2026, 11, 24), None, None, 123456789012345, None, None, "#DIV/0!",
                  None])
    for row in (4, 5, 6):
        sheet.cell(row, 3).number_format = "00\\-000"
        sheet.cell(row, 8).number_format = "0.0%"
    book.save(path)


def converted(path, extension):
    """The workbook as LibreOffice writes it in another format."""
    path = pathlib.Path(path)
    made = path.parent / "made"
    subprocess.run(["soffice", f"-env:UserInstallation=file://{path.parent}/profile", "--headless", "--convert-to",
                    extension, "--outdir", str(made), str(path)], check=True, stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL)
    return made / (path.stem + "." + extension)


def parts_of(path):
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def write_parts(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in parts.items():
            book.writestr(name, content)


def plain(path):
    """The smallest workbook: what the hostile ones are made from."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Klienci")
    sheet.write_row(0, 0, ["Kod", "Nazwa"])
    sheet.write_row(1, 0, ["K1", "Jan"])
    book.close()
    return parts_of(path)
