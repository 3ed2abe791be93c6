"""Imports over a real socket, against the sandbox as a process of its own."""
import json
import os
import signal
import sqlite3
import urllib.parse
import urllib.request

from harness import COLUMNS, Job, ProcessTest, TOKEN, customer, main, stored, wait_until


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

    def test_the_rejects_load_again_once_mended(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(2, **{"E-mail": "zly"})])
        self.assert_summary(job.run("--rejects", "r.csv"), 1, created=1, rejected=1)
        rejects = self.folder / "r.csv"
        rejects.write_text(rejects.read_text(encoding="utf-8").replace("zly;", "dobry@example.pl;"), encoding="utf-8")
        self.assert_summary(job.run(str(rejects)), 0, created=1)
        self.assert_each_once(sandbox, [customer(1), customer(2, **{"E-mail": "dobry@example.pl"})])

    def test_standard_input_is_a_source(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(20)])
        self.assert_summary(job.run("-", input=job.source.read_text(encoding="utf-8")), 0, created=20)
        self.assert_summary(job.run(), 0, unchanged=20)

    def test_the_services_loose_types_are_understood(self):
        sandbox = self.sandbox("--limit", "0", "--ids-as-strings", "--empty-maps-as-arrays", "--text-html")
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


class Stopping(ProcessTest):
    def test_a_signal_finishes_what_is_in_flight_and_a_rerun_goes_on(self):
        for wish in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(wish):
                folder = self.folder / wish.name
                folder.mkdir()
                self.folder, outer = folder, self.folder
                sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
                self.folder = outer
                job = Job(folder, sandbox.url, connections=4)
                rows = [customer(n) for n in range(200)]
                job.write(rows)
                process = job.start()
                wait_until(lambda: sandbox.requests() >= 10)
                process.send_signal(wish)
                out, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 3, err)
                outcomes = json.loads(out)["outcomes"]
                self.assertEqual(sum(outcomes.values()), 200)
                self.assertEqual(outcomes["in_doubt"], 0)
                self.assertGreater(outcomes["not_reached"], 0)
                self.assertEqual(outcomes["created"], len(sandbox.clients()))
                self.assert_summary(job.run(), 0, created=200 - outcomes["created"], unchanged=outcomes["created"])
                self.assert_each_once(sandbox, rows)

    def test_a_second_signal_leaves_at_once(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "stall=1")
        job = Job(self.folder, sandbox.url, timeout='"60s"')
        job.write([customer(n) for n in range(20)])
        process = job.start()
        wait_until(lambda: sandbox.requests() >= 1)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        # Whether the kernel merged the two is not ours to say: a third one settles it.
        wait_until(lambda: process.poll() is not None or process.send_signal(signal.SIGINT))
        process.communicate()
        self.assertEqual(process.returncode, 3)

    def test_a_second_run_on_one_journal_is_told_who_holds_it(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "100ms")
        job = Job(self.folder, sandbox.url, connections=1)
        job.write([customer(n) for n in range(100)])
        process = job.start()
        wait_until(lambda: sandbox.requests() >= 1)
        second = job.run()
        self.assertEqual(second.returncode, 75)
        self.assertIn(f"process {process.pid}, started 20", second.stderr)
        process.terminate()
        process.communicate()
        self.assert_no_duplicates(sandbox)


class Secrets(ProcessTest):
    def test_the_token_is_in_nothing_that_the_importer_writes(self):
        sandbox = self.sandbox("--limit", "0", "--token", "TOP-SECRET-1", "--faults", "500=0.3,html=0.2")
        job = Job(self.folder, sandbox.url)
        job.environment["BASELOAD_TOKEN"] = "TOP-SECRET-1"
        job.write([customer(n) for n in range(20)])
        said = ""
        for arguments in (["run", "--summary", "s.json", "--rejects", "r.csv"], ["runs"], ["export"]):
            done = job.call(*arguments)
            said += done.stdout + done.stderr
        job.environment["BASELOAD_TOKEN"] = "TOP-SECRET-2"
        job.write([customer(n) for n in range(40)])
        refused = job.call("run")
        self.assertEqual(refused.returncode, 4, refused.stderr)
        said += refused.stdout + refused.stderr
        self.assertNotIn("TOP-SECRET", said)
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"TOP-SECRET", file.read_bytes(), file)


class Journals(ProcessTest):
    def test_a_disk_that_fills_up_stops_the_run_and_loses_nothing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(2000)]
        job.write(rows)

        def no_large_files():
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

        done = job.run(preexec_fn=no_large_files)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("free some space on its disk and run again", done.stdout)
        self.assertEqual(sum(done.summary["outcomes"].values()), 2000)
        self.assertLess(len(sandbox.clients()), 2000)
        # Room again: what was under way is held, all else comes in, nothing twice.
        after = job.run()
        self.assertIn(after.returncode, (0, 1), after.stderr)
        self.assert_no_duplicates(sandbox)
        held = {e["key"] for e in job.export() if e["state"] == "in doubt"}
        there = {c["login"] for _, c in sandbox.clients()}
        self.assertEqual(there | held, {row["Kod"] for row in rows})
        self.assertLessEqual(len(held), 8)

    def test_a_journal_outlives_a_change_of_token_and_of_the_files_name(self):
        sandbox = self.sandbox("--limit", "0", "--token", "one")
        job = Job(self.folder, sandbox.url)
        job.environment["BASELOAD_TOKEN"] = "one"
        job.write([customer(n) for n in range(5)])
        self.assert_summary(job.run(), 0, created=5)
        port = sandbox.port
        sandbox.stop()
        self.sandbox("--limit", "0", "--token", "two", port=port)
        job.environment["BASELOAD_TOKEN"] = "two"
        renamed = job.source.rename(self.folder / "renamed.csv")
        self.assert_summary(job.run(str(renamed)), 0, unchanged=5)

    def test_a_corrupt_journal_is_said_to_be_so_and_left_alone(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(500)])
        job.run()
        with sqlite3.connect(job.journal) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        damaged = bytearray(job.journal.read_bytes())
        damaged[4096:] = b"\xa5" * (len(damaged) - 4096)
        job.journal.write_bytes(damaged)
        before = sandbox.requests()
        done = job.run()
        self.assertIn(done.returncode, (2, 3))
        self.assertIn("restore it from a backup", done.stderr + done.stdout)
        self.assertEqual(sandbox.requests(), before)
        self.assertEqual(job.journal.read_bytes()[4096:], bytes(damaged[4096:]))


if __name__ == "__main__":
    main()
