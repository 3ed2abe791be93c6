"""How fast a workbook is read, against openpyxl in the same run.

    workbook.py BASELOAD [ROWS]     (100,000 rows of 23 cells; shared strings, dates, numbers)
"""
import datetime
import multiprocessing
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import openpyxl
import xlsxwriter


def write(path, rows):
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Klienci")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(0, 0, [f"Kolumna {i}" for i in range(23)])
    first = datetime.date(2020, 1, 1)
    for n in range(1, rows + 1):
        texts = [f"K{n:07}", f"klient{n}@example.pl", f"Firma {n} Sp. z o.o.", "Zażółć gęślą", f"ul. Długa {n % 5000}",
                 "Łódź", "Polska"] + [f"wartość {n % 97}"] * 9
        sheet.write_row(n, 0, texts)
        sheet.write_datetime(n, 16, first + datetime.timedelta(days=n % 2000), day)
        for column in range(17, 23):
            sheet.write_number(n, column, n * column / 8)
    book.close()


def timed(command):
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, _, usage = os.wait4(process.pid, 0)
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    executable = sys.argv[1]
    rows = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "book.xlsx"
        # In a process of its own: what this one holds would count for its children.
        writer = multiprocessing.Process(target=write, args=(path, rows))
        writer.start()
        writer.join()
        print(f"{rows:,} rows x 23 cells, {path.stat().st_size / 1e6:.0f} MB")
        peer = ("import openpyxl,sys\nfor row in openpyxl.load_workbook(sys.argv[1],read_only=True).active.iter_rows("
                "values_only=True): pass")
        theirs = timed([sys.executable, "-c", peer, str(path)])
        ours = timed([executable, "preview", str(path), "--rows", "1"])  # counts the rows, and so reads them all
        for name, (wall, cpu, peak) in (("openpyxl, read_only", theirs), ("baseload preview", ours)):
            print(f"  {name:<30} {wall:7.2f} s  {cpu:7.2f} s CPU  {peak:6.0f} MiB")
        print(f"  {theirs[0] / ours[0]:.1f} times as fast")


if __name__ == "__main__":
    main()
