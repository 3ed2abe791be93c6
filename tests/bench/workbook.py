"""How fast a workbook is read, against openpyxl.

    workbook.py FILE.xlsx ROWS      writes one: rows of 23 cells; shared strings, dates, numbers
"""
import datetime
import subprocess
import sys

from figures import Figure, ratio, speed
from measurement import Failed, in_turn, measure

PEER = """
import openpyxl, sys
print(sum(1 for row in openpyxl.load_workbook(sys.argv[1], read_only=True).active.iter_rows(values_only=True)))
"""


def write(path, rows):
    import xlsxwriter  # here alone: the benchmark's own process stays small

    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Klienci")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, [f"Kolumna {i}" for i in range(23)])
    first = datetime.date(2020, 1, 1)
    for n in range(1, rows + 1):
        texts = [f"K{n:07}", f"klient{n}@example.pl", f"Firma {n} Sp. z o.o.", "Zażółć gęślą",
                 f"ul. Długa {n % 5000}", "Łódź", "Polska"] + [f"wartość {n % 97}"] * 9
        sheet.write_row(n, 0, texts)
        sheet.write_datetime(n, 16, first + datetime.timedelta(days=n % 2000), day)
        for column in range(17, 23):
            sheet.write_number(n, column, n * column / 8)
    book.close()


def workbook(stand):
    rows = stand.sizes.sheet
    work = f"a workbook of {rows:,} rows"
    path = stand.folder / "book.xlsx"
    subprocess.run([sys.executable, "-B", __file__, path, str(rows)], check=True)

    def openpyxl():
        done = measure([sys.executable, "-c", PEER, path])
        if int(done.out) != rows + 1:
            raise Failed(f"openpyxl read {done.out} rows")
        return done

    # It counts the rows, and so reads them all.
    theirs, ours = in_turn(stand.sizes.pairs, 1, openpyxl,
                            lambda: measure([stand.baseload, "preview", path, "--rows", "1"]))
    return [
        speed(work, "baseload preview", ours, rows),
        speed(work, "openpyxl, read_only", theirs, rows),
        ratio(work, "times openpyxl's rate", [m.wall for m in theirs], [m.wall for m in ours], "more", 20),
        Figure(work, "peak memory", [m.peak for m in ours], "MiB", "less", 64),
    ]


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
