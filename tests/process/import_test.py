"""Imports over a real socket, against the sandbox as a process of its own."""
import gzip
import json
import urllib.parse
import urllib.request

from harness import COLUMNS, Job, ProcessTest, TOKEN, customer, main


def call_api(url, method, parameters):
    """A request as another program of the account would make it."""
    body = urllib.parse.urlencode({"method": method, "parameters": json.dumps(parameters)}).encode()
    request = urllib.request.Request(url, body, {"X-BLToken": TOKEN})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class Importing(ProcessTest):
    def test_every_row_arrives_as_it_stands_and_a_rerun_sends_nothing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(300)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=300)
        self.assert_each_once(sandbox, rows)
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=300)
        self.assertEqual(sandbox.requests(), before)
        self.assertEqual({e["state"] for e in job.export()}, {"linked"})

    def test_a_changed_row_sends_the_changed_field_and_what_staff_edited_survives(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(10)]
        job.write(rows)
        job.run()
        call_api(sandbox.url, "addCrmClient", {"crm_client_id": 4, "invoice_fullname": "Poprawione Ręcznie"})
        number = sandbox.clients()[3][1]["login"]
        for row in rows:
            if row["Kod"] == number:
                row["E-mail"] = "nowy@example.pl"
        job.write(rows)
        done = job.run()
        self.assert_summary(done, 0, updated=1, unchanged=9)
        self.assertEqual(done.summary["fields_sent"], 1)
        edited = dict(sandbox.clients())[4]
        self.assertEqual(edited["invoice_fullname"], "Poprawione Ręcznie")
        self.assertEqual(edited["email"], "nowy@example.pl")

    def test_a_change_of_a_column_that_is_not_mapped_costs_no_request(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [{**customer(n), "Saldo": "1"} for n in range(5)]
        job.write(rows, COLUMNS + ["Saldo"])
        job.run()
        job.write([{**row, "Saldo": "2"} for row in rows], COLUMNS + ["Saldo"])
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=5)
        self.assertEqual(sandbox.requests(), before)

    def test_repeats_merge_and_conflicts_are_rejected_with_their_lines(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(2), customer(1), customer(2, **{"E-mail": "inny@example.pl"}), customer(3)])
        done = job.run("--rejects", "r.csv")
        self.assert_summary(done, 1, created=2, unchanged=1, rejected=2)
        self.assertEqual(done.summary["merged"], 1)
        self.assertIn("lines 4 and 8", (self.folder / "r.csv").read_text(encoding="utf-8"))
        self.assert_each_once(sandbox, [customer(1), customer(3)])

    def test_rows_that_repeat_one_of_two_that_differ_are_part_of_the_conflict(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        for known in (False, True):
            job.write([customer(1), customer(1), customer(1, **{"E-mail": "inny@example.pl"}), customer(2)])
            done = job.run("--rejects", "r.csv")
            self.assert_summary(done, 1, rejected=3, **({"unchanged": 1} if known else {"created": 1}))
            self.assertIn("lines 2, 4 and 6", (self.folder / "r.csv").read_text(encoding="utf-8"))
            if not known:
                job.write([customer(1), customer(2)])
                self.assert_summary(job.run(), 0, created=1, unchanged=1)

    def test_a_refused_row_is_not_sent_again_unchanged_unless_asked(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\nstatus_id = "Uwagi"\n')
        job.write([customer(1, Uwagi="1"), customer(2, Uwagi="99")])
        done = job.run("--rejects", "r.csv")
        self.assert_summary(done, 1, created=1, rejected=1)
        self.assertIn("ERROR_CRM_CLIENT_DATA", (self.folder / "r.csv").read_text(encoding="utf-8"))
        before = sandbox.requests()
        self.assert_summary(job.run(), 1, unchanged=1, rejected=1)
        self.assertEqual(sandbox.requests(), before)
        self.assert_summary(job.run("--retry-rejected"), 1, unchanged=1, rejected=1)
        self.assertEqual(sandbox.requests(), before + 1)
        job.write([customer(1, Uwagi="1"), customer(2, Uwagi="2")])
        self.assert_summary(job.run(), 0, unchanged=1, created=1)

    def test_a_cell_that_is_to_clear_clears_what_staff_wrote_into_a_field_never_sent(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1, Uwagi="")])
        job.run()
        call_api(sandbox.url, "addCrmClient", {"crm_client_id": 1, "notes": "wpis ręczny"})
        job.write([customer(1, Uwagi="#N/A")])
        done = job.run()
        self.assert_summary(done, 0, updated=1)
        self.assertEqual(done.summary["fields_sent"], 1)
        self.assertEqual(sandbox.clients()[0][1]["notes"], "")
        self.assert_summary(job.run(), 0, unchanged=1)

    def test_a_repeat_of_a_refused_row_is_rejected_with_it(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\nstatus_id = "Uwagi"\n')
        job.write([customer(1, Uwagi="99"), customer(1, Uwagi="99"), customer(2, Uwagi="1")])
        self.assert_summary(job.run(), 1, rejected=2, created=1)
        self.assert_summary(job.run(), 1, rejected=2, unchanged=1)

    def test_a_rejects_file_is_not_taken_for_a_source_that_shrank(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, source='max_shrink = "20%"\nmin_rows = 5')
        job.write([customer(n) for n in range(10)] + [customer(10, Kraj="Atlantyda")])
        self.assert_summary(job.run("--rejects", "r.csv"), 1, created=10, rejected=1)
        rejects = self.folder / "r.csv"
        rejects.write_text(rejects.read_text(encoding="utf-8").replace("Atlantyda;", "Polska;"), encoding="utf-8")
        self.assert_summary(job.run("r.csv"), 0, created=1)
        # Nor is it the measure for the next night.
        job.write([customer(n) for n in range(5)])
        self.assertEqual(job.run().returncode, 2)

    def test_the_rejects_load_again_once_mended(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(2, **{"E-mail": "zly"})])
        self.assert_summary(job.run("--rejects", "r.csv"), 1, created=1, rejected=1)
        rejects = self.folder / "r.csv"
        rejects.write_text(rejects.read_text(encoding="utf-8").replace("zly;", "dobry@example.pl;"), encoding="utf-8")
        self.assert_summary(job.run(str(rejects)), 0, created=1)
        self.assert_each_once(sandbox, [customer(1), customer(2, **{"E-mail": "dobry@example.pl"})])

    def test_an_export_in_an_old_encoding_arrives_in_full_and_its_rejects_load_again(self):
        sandbox = self.sandbox("--limit", "0")
        rows = [customer(n) for n in range(10)] + [customer(10, **{"E-mail": "zły"})]
        job = Job(self.folder, sandbox.url)
        job.write(rows)
        utf8 = job.source.read_text(encoding="utf-8")
        for number, encoding in enumerate(("windows-1250", "iso-8859-2", "utf-16")):
            with self.subTest(encoding):
                job.source.write_bytes(utf8.encode(encoding))
                done = job.run("--rejects", "r.csv")
                self.assert_summary(done, 1, rejected=1, **({"unchanged": 10} if number else {"created": 10}))
                self.assertIn("is read as", done.stderr)
        job.file.write_text(job.file.read_text(encoding="utf-8").replace(
            "[source]\n", '[source]\nencoding = "windows-1250"\nquote = "none"\nskip_lines = 3\n'), encoding="utf-8")
        rejects = self.folder / "r.csv"
        rejects.write_text(rejects.read_text(encoding="utf-8").replace("zły;", "dobry@example.pl;"), encoding="utf-8")
        self.assert_summary(job.run("r.csv"), 0, created=1)
        rows[-1]["E-mail"] = "dobry@example.pl"
        self.assert_each_once(sandbox, rows)

    def test_a_packed_export_is_read_as_it_is_and_standard_input_too(self):
        sandbox = self.sandbox("--limit", "0")
        rows = [customer(n) for n in range(20)]
        job = Job(self.folder, sandbox.url)
        job.write(rows)
        packed = self.folder / "export.csv.gz"
        packed.write_bytes(gzip.compress(job.source.read_bytes()))
        self.assert_summary(job.run("export.csv.gz"), 0, created=20)
        self.assert_summary(job.run(), 0, unchanged=20)
        self.assert_each_once(sandbox, rows)

    def test_another_word_on_quotes_reads_equal_records_anew(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\nnotes = "Uwagi"\n')
        job.source.write_text("Kod;Uwagi\nA;'x'\n", encoding="utf-8")
        self.assert_summary(job.run(), 0, created=1)
        text = job.file.read_text(encoding="utf-8")
        job.file.write_text(text.replace("[source]\n", "[source]\nquote = \"'\"\n"), encoding="utf-8")
        self.assert_summary(job.run(), 0, updated=1)
        self.assertEqual(sandbox.clients()[0][1]["notes"], "x")

    def test_standard_input_is_a_source(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(20)])
        self.assert_summary(job.run("-", input=job.source.read_text(encoding="utf-8")), 0, created=20)
        self.assert_summary(job.run(), 0, unchanged=20)

    def test_the_services_loose_types_are_understood(self):
        sandbox = self.sandbox("--limit", "0", "--ids-as-strings", "--empty-maps-as-arrays", "--content-type", "application/json")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(20)])
        self.assert_summary(job.run(), 0, created=20)
        self.assertEqual(sorted(int(e["crm_client_id"]) for e in job.export()), list(range(1, 21)))

    def test_characters_that_the_service_cannot_hold_do_not_look_changed_for_ever(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1, Uwagi="miło 😀😀")])
        done = job.run()
        self.assert_summary(done, 0, created=1)
        self.assertEqual(done.summary["replaced_characters"], 2)
        self.assertEqual(sandbox.clients()[0][1]["notes"], "miło ??")
        self.assert_summary(job.run(), 0, unchanged=1)

    def test_a_source_that_shrank_suspiciously_is_refused_before_anything_is_sent(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, source='max_shrink = "20%"')
        job.write([customer(n) for n in range(10)])
        job.run()
        job.write([customer(n, Uwagi="x") for n in range(7)])
        before = sandbox.requests()
        done = job.run()
        self.assertEqual(done.returncode, 2)
        self.assertIn('the last full run read 10: more than [source] max_shrink = "20%"', done.stderr)
        self.assertEqual(sandbox.requests(), before)
        job.write([customer(n) for n in range(8)])
        self.assert_summary(job.run(), 0, unchanged=8)


if __name__ == "__main__":
    main()
