"""What ends a run early, and what must not: signals, secrets, sources, journals."""
import json
import os
import signal
import sqlite3

from harness import FakeService, Job, ProcessTest, customer, main, wait_until


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


    def test_a_service_that_repeats_the_token_does_not_spread_it(self):
        def answer(headers, body):
            token = headers["X-BLToken"]
            return 200, json.dumps({"status": "ERROR", "error_code": f"ERROR_{token}", "error_message": f"{token} is bad"})

        with FakeService(answer) as service:
            job = Job(self.folder, service.url)
            job.environment["BASELOAD_TOKEN"] = "TOP-SECRET-3"
            job.write([customer(n) for n in range(3)])
            done = job.run("--summary", "s.json", "--rejects", "r.csv", "--first-run")
        self.assertIn("[token] is bad", done.stderr)
        self.assertNotIn("TOP-SECRET", done.stdout + done.stderr)
        for file in self.folder.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"TOP-SECRET", file.read_bytes(), file)


class Sources(ProcessTest):
    def test_a_source_that_is_rewritten_while_it_is_read_makes_no_duplicate(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "5ms")
        job = Job(self.folder, sandbox.url, connections=1)
        rows = [customer(n) for n in range(5000)]
        job.write(rows)
        process = job.start()
        wait_until(lambda: sandbox.requests() >= 20)
        # The same size, the same place, and the keys of the last rows taken from others.
        bytes_ = job.source.read_bytes().replace(b"K04999;", b"K04998;").replace(b"K04997;", b"K00001;")
        with job.source.open("r+b") as file:
            file.write(bytes_)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3, err)
        summary = json.loads(out)
        self.assertIn("was changed while it was read", summary["stopped_because"])
        self.assertEqual(sum(summary["outcomes"].values()), 5000)
        self.assertEqual(summary["outcomes"]["in_doubt"], 0)
        self.assertEqual(summary["outcomes"]["created"], len(sandbox.clients()))
        self.assert_no_duplicates(sandbox)

    def run_while(self, change, latency="5ms"):
        """An import of 300 rows during which the source is changed; the process's end and its rows."""
        sandbox = self.sandbox("--limit", "0", "--latency", latency)
        job = Job(self.folder, sandbox.url, connections=2)
        rows = [customer(n) for n in range(300)]
        job.write(rows)
        process = job.start()
        wait_until(lambda: sandbox.requests() >= 20)
        change(job)
        out, err = process.communicate(timeout=120)
        return sandbox, job, rows, process.returncode, json.loads(out), err

    def test_a_source_that_is_replaced_by_a_new_export_is_read_as_it_was(self):
        def replace(job):
            new = self.folder / "new.csv"
            new.write_text("Kod;E-mail;Imię;Nazwisko;Kraj;Uwagi\nN1;n@example.pl;A;B;Polska;\n", encoding="utf-8")
            new.replace(job.source)

        sandbox, job, rows, code, summary, err = self.run_while(replace)
        self.assertEqual((code, summary["outcomes"]["created"]), (0, 300), err)
        self.assert_each_once(sandbox, rows)
        self.assertEqual(job.run().returncode, 2)  # nobody of those that were known is there
        self.assert_summary(job.run("--new-keys"), 0, created=1)

    def test_a_source_that_grows_stops_the_run_and_the_next_takes_the_rest(self):
        def append(job):
            with job.source.open("a", encoding="utf-8") as source:
                source.write("K99999;n@example.pl;A;B;Polska;\n")

        sandbox, job, rows, code, summary, err = self.run_while(append)
        self.assertEqual(code, 3, err)
        self.assertEqual(sum(summary["outcomes"].values()), 300)
        made = summary["outcomes"]["created"]
        self.assert_summary(job.run(), 0, created=301 - made, unchanged=made)
        self.assert_no_duplicates(sandbox)

    def test_the_order_of_the_rows_is_all_the_same(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(50)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=50)
        job.write(rows[::-1])
        self.assert_summary(job.run(), 0, unchanged=50)
        self.assertEqual(sandbox.requests(), 51)  # one asked whether there are clients

    def test_keys_that_differ_only_by_case_or_spaces_are_named_with_their_lines(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(2)])
        job.run()
        job.write([customer(1, Kod="k00001"), customer(2), customer(3, Kod="X 1"), customer(4, Kod="x1")])
        done = job.run("--quiet")  # cron's operator wants to hear of this
        self.assert_summary(done, 1, created=2, unchanged=1, rejected=1)
        self.assertIn('"k00001" is a new key that differs only by its form from "K00001"', done.stderr)
        self.assertRegex(done.stderr, "lines [0-9]+ and [0-9]+: new keys that differ only by case or spaces")


class Bounds(ProcessTest):
    def test_more_faults_than_max_errors_allows_send_nothing_and_are_all_told(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n, **({"E-mail": "zly"} if n < 3 else {})) for n in range(20)])
        for bound in ("2", "10%"):
            done = job.run("--max-errors", bound, "--rejects", "r.csv")
            self.assert_summary(done, 3, rejected=3, not_reached=17)
            self.assertIn("more than --max-errors allows", done.summary["stopped_because"])
            self.assertEqual(len((self.folder / "r.csv").read_text(encoding="utf-8").splitlines()), 1 + 3 + 3)
        self.assertEqual(sandbox.requests(), 0)
        self.assert_summary(job.run("--max-errors", "15%"), 1, created=17, rejected=3)

    def test_refusals_by_the_service_count_and_stop_the_run_cleanly(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, connections=1)
        job.set("[fields]", '[fields]\nstatus_id = { default = "77" }')
        job.write([customer(n) for n in range(50)])
        done = job.run("--max-errors", "5")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("more than --max-errors allows", done.summary["stopped_because"])
        self.assertEqual(sum(done.summary["outcomes"].values()), 50)
        self.assertLess(done.summary["outcomes"]["rejected"], 12)
        self.assertEqual(sandbox.requests(), done.summary["outcomes"]["rejected"] + 1)  # one asked whether there are clients

    def test_max_runtime_finishes_what_is_in_flight_and_a_rerun_goes_on(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
        job = Job(self.folder, sandbox.url, connections=2)
        rows = [customer(n) for n in range(100)]
        job.write(rows)
        done = job.run("--max-runtime", "500ms")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("--max-runtime 500 ms is over", done.summary["stopped_because"])
        self.assertEqual(done.summary["outcomes"]["in_doubt"], 0)
        self.assertEqual(done.summary["outcomes"]["created"], len(sandbox.clients()))
        self.assertEqual(job.run("--max-runtime", "2h").returncode, 0)
        self.assert_each_once(sandbox, rows)

    def test_bounds_that_make_no_sense_are_refused(self):
        job = Job(self.folder, "http://127.0.0.1:9/")
        job.write([customer(1)])
        for option, value in (("--max-errors", "many"), ("--max-errors", "101%"), ("--max-errors", "-1"),
                              ("--max-runtime", "2"), ("--max-runtime", "soon")):
            done = job.call("run", f"{option}={value}")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(option, done.stderr)


class RejectsFiles(ProcessTest):
    def test_a_rejects_file_that_cannot_be_written_stops_the_run_and_loses_no_answer(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "5ms")
        job = Job(self.folder, sandbox.url, connections=8)
        job.write([customer(n) if n % 2 else customer(n, **{"E-mail": "zly"}) for n in range(400)])
        # A pipe in the file's place, whose reader goes away.
        os.mkfifo(self.folder / "r.csv")
        process = job.start("--rejects", "r.csv")
        with open(self.folder / "r.csv", "rb") as reader:
            reader.read(100)
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 3, err)
        summary = json.loads(out)
        self.assertIn("the rejects file r.csv cannot be written", summary["stopped_because"])
        self.assertEqual(sum(summary["outcomes"].values()), 400)
        self.assertEqual(summary["outcomes"]["in_doubt"], 0)
        self.assertEqual(summary["outcomes"]["created"], len(sandbox.clients()))
        self.assertEqual(sorted(e["key"] for e in job.export()), sorted(c["login"] for _, c in sandbox.clients()))


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
