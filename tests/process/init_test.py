"""`baseload init`, then `run`, on five unlike files: each comes in as it is, without an edit of the job.

    init_test.py BASELOAD
"""
import csv
import datetime
import gzip
import io
import os
import pathlib
import subprocess
import sys
import zipfile

import openpyxl
import xlsxwriter

from harness import EXECUTABLE, PATIENCE, TOKEN, ProcessTest, main

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "source"))
import workbook_files  # noqa: E402

NIPS = ["5261040828", "1132191233", "7740001454", "5213017228", "6340125401"]
PEOPLE = ["Łukasz Żółć", "Świętosława Źdźbło", "Ądam Ęwa", "Józef Ńurek", "Zoë Müller"]


def person(number):
    first, last = PEOPLE[number % 5].split()
    return first, f"{last}-{number}"


def as_csv(header, rows, delimiter, line_end="\r\n"):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


class Init(ProcessTest):
    def setUp(self):
        super().setUp()
        self.service = self.sandbox("--limit", "0")
        self.environment = {**os.environ, "BASELOAD_TOKEN": TOKEN, "STATE_DIRECTORY": str(self.folder / "state")}
        self.environment.pop("XDG_STATE_HOME", None)

    def call(self, *arguments):
        return subprocess.run([EXECUTABLE, *arguments], env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=False, cwd=self.folder)

    def import_file(self, name, *lines):
        """init, run, and run again; the job has these lines. Returns the clients."""
        done = self.call("init", name, "-o", "job.toml", "--url", self.service.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        job = (self.folder / "job.toml").read_text(encoding="utf-8")
        for line in lines:
            self.assertIn(line, job)
        done = self.call("run", "job.toml", "--quiet")
        self.assertEqual((done.returncode, done.stderr), (0, ""), job)
        clients = [client for _, client in self.service.clients()]
        before = self.service.requests()
        self.assertEqual(self.call("run", "job.toml").returncode, 0)
        self.assertEqual(self.service.requests(), before)
        return sorted(clients, key=lambda c: c.get("login", c.get("email")))

    def test_what_a_packed_file_is_called_is_no_option_of_the_job(self):
        text = as_csv(["Kod", "E-mail"], [[f"{n:06}", f"k{n}@example.pl"] for n in range(5)], ";")
        with zipfile.ZipFile(self.folder / "packed.zip", "w") as packed:
            packed.writestr('a.csv\n[missing]\naction = "delete"\n#', text)
        self.import_file("packed.zip", 'login = "Kod"')
        self.assertNotIn("\n[missing]", (self.folder / "job.toml").read_text(encoding="utf-8"))

    def test_an_erp_export_in_windows_1250(self):
        rows = [[f"{n:06}", f"Firma {n} Sp. z o.o.", *person(n), NIPS[n % 5], "ul. Źródlana", str(n), f"0{n}-950", "Łódź",
                 "Polska", f"k{n}@example.pl", f"60010020{n}", 'uwagi; "ważne"'] for n in range(5)]
        text = as_csv(["Kod", "Nazwa firmy", "Imię", "Nazwisko", "NIP", "Ulica", "Nr domu", "Kod pocztowy", "Miejscowość",
                       "Kraj", "E-mail", "Telefon", "Uwagi"], rows, ";")
        (self.folder / "erp.csv").write_bytes(text.encode("cp1250"))
        clients = self.import_file("erp.csv", '# encoding = "windows-1250"', 'columns = ["Kod"]',
                                   'invoice_fullname = { template = "{Imię} {Nazwisko}" }',
                                   'invoice_country_code = { column = "Kraj", transform = ["country"] }')
        self.assertEqual(clients[1], {
            "login": "000001", "email": "k1@example.pl", "phone": "600100201", "notes": 'uwagi; "ważne"',
            "invoice_company": "Firma 1 Sp. z o.o.", "invoice_fullname": "Świętosława Źdźbło-1",
            "invoice_address": "ul. Źródlana 1", "invoice_postcode": "01-950", "invoice_city": "Łódź",
            "invoice_country_code": "PL", "invoice_tax_id": NIPS[1]})

    def test_a_text_that_excel_wrote_in_utf_16(self):
        rows = [[f"K{n}", " ".join(person(n)), "Lange Straße 5", f"0106{n}", "Görlitz", "Deutschland"] for n in range(5)]
        text = as_csv(["Kundennummer", "Name", "Straße", "PLZ", "Ort", "Land"], rows, "\t")
        (self.folder / "kunden.txt").write_bytes(text.encode("utf-16"))
        clients = self.import_file("kunden.txt", 'columns = ["Kundennummer"]', 'invoice_postcode = "PLZ"')
        self.assertEqual(clients[4]["invoice_fullname"], "Zoë Müller-4")
        self.assertEqual(clients[4]["invoice_postcode"], "01064")
        self.assertEqual(clients[4]["invoice_country_code"], "DE")

    def test_a_workbook_with_banners_and_dates(self):
        book = xlsxwriter.Workbook(self.folder / "klienci.xlsx")
        sheet = book.add_worksheet("Klienci")
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        postcode = book.add_format({"num_format": "00-000"})
        sheet.merge_range("A1:E1", "Lista klientów")
        sheet.write("A2", "Stan na:")
        sheet.write("B2", datetime.date(2026, 11, 24), day)
        sheet.write_row(3, 0, ["Nr", "Klient", "Adres e-mail", "Kod pocztowy", "Notatki"])
        for n in range(5):
            sheet.write_row(4 + n, 0, [f"{n:03}", " ".join(person(n)), f"k{n}@example.pl"])
            sheet.write(4 + n, 3, 950 + n, postcode)
            sheet.write(4 + n, 4, datetime.date(2024, 2, 25 + n), day)
        book.close()
        clients = self.import_file("klienci.xlsx", "# skip_lines = 3", 'columns = ["Nr"]', 'email = "Adres e-mail"')
        self.assertEqual(clients[4], {"login": "004", "email": "k4@example.pl", "invoice_fullname": "Zoë Müller-4",
                                      "invoice_postcode": "00-954", "notes": "2024-02-29"})

    def test_of_several_sheets_the_one_with_customers_is_taken(self):
        book = openpyxl.Workbook()
        book.active.title = "Info"
        book.active.append(["Instrukcja"])
        book.active.append(["Wypełnić arkusz Osoby"])
        people = book.create_sheet("Osoby")
        people.append(["Kod klienta", "Imię", "Nazwisko", "E-mail", "Kod pocztowy"])
        for n in range(5):
            people.append([f"K{n}", *person(n), f"k{n}@example.pl", f"00-95{n}"])
        book.save(self.folder / "klienci.xlsx")
        clients = self.import_file("klienci.xlsx", 'sheet = "Osoby"', 'columns = ["Kod klienta"]',
                                   '# invoice_country_code = { default = "PL" }')
        self.assertEqual((len(clients), clients[4]["login"]), (5, "K4"))

    def test_an_open_document(self):
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(["Symbol", "Kontrahent", "Kolumna X", "Telefon kom."])
        for n in range(5):
            sheet.append([f"S-{n}", " ".join(person(n)), f"k{n}@example.pl", f"+48 600 100 20{n}"])
        book.save(self.folder / "klienci.xlsx")
        made = workbook_files.converted(self.folder / "klienci.xlsx", "ods")
        clients = self.import_file(str(made), 'columns = ["Symbol"]', "# it holds e-mail addresses",
                                   "# it holds telephone numbers")
        self.assertEqual(clients[2], {"login": "S-2", "email": "k2@example.pl", "phone": "+48 600 100 202",
                                      "invoice_company": " ".join(person(2))})

    def test_a_packed_csv(self):
        rows = [[f"k{n}@example.com", "Jan, jr.", f"Kowalski {n}", "PL"] for n in range(5)]
        text = "# export of 2026-11-24\n" + as_csv(["Email", "First Name", "Last Name", "Country"], rows, ",", "\n")
        (self.folder / "shop.csv.gz").write_bytes(gzip.compress(text.encode()))
        clients = self.import_file("shop.csv.gz", 'columns = ["Email"]',
                                   'invoice_fullname = { template = "{First Name} {Last Name}" }')
        self.assertEqual(clients[3], {"email": "k3@example.com", "invoice_fullname": "Jan, jr. Kowalski 3",
                                      "invoice_country_code": "PL"})

    def test_an_existing_job_is_not_overwritten_and_standard_output_is_the_default(self):
        (self.folder / "a.csv").write_text("Kod;E-mail\n1;a@b.pl\n2;a@b.pl\n")
        (self.folder / "job.toml").write_text("mine")
        done = self.call("init", "a.csv", "-o", "job.toml")
        self.assertEqual(done.returncode, 2)
        self.assertIn("is there already", done.stderr)
        self.assertEqual((self.folder / "job.toml").read_text(), "mine")
        done = self.call("init", "a.csv")
        self.assertIn('columns = ["Kod"]    # no two rows have the same, and none is blank', done.stdout)

    def test_where_no_column_is_a_key_it_is_said(self):
        (self.folder / "a.csv").write_text('Imię;"Miasto ""x"""\nJan;Łódź\nJan;Łódź\n')
        done = self.call("init", "a.csv")
        self.assertIn("no column is unique and never blank", done.stdout)
        self.assertIn('"Miasto \\"x\\""', done.stdout)


if __name__ == "__main__":
    main()
