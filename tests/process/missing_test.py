"""`[missing]`: what becomes of clients whose rows are not in the file any more."""
import json
import time

from harness import Job, ProcessTest, customer, main

ROWS = 40


class Missing(ProcessTest):
    def shop(self, settings, **options):
        sandbox = self.sandbox("--limit", "0", **options)
        job = Job(self.folder, sandbox.url)
        job.set("[key]", f"[missing]\n{settings}\n[key]")
        job.write([customer(n) for n in range(ROWS)])
        self.assert_summary(job.run(), 0, created=ROWS)
        return sandbox, job

    def without(self, *numbers):
        return [customer(n) for n in range(ROWS) if n not in numbers]

    def test_they_are_reported_once_when_cron_asks_for_quiet_too(self):
        sandbox, job = self.shop('action = "report"')
        job.write(self.without(3, 5))
        done = job.call("run", "--quiet")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, '2 keys of the last full run are not in it: "K0000[35]" and "K0000[35]"')
        again = job.call("run", "--quiet")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        job.write(self.without(3))
        self.assert_summary(job.run(), 0, unchanged=ROWS - 1)
        job.write(self.without(3, 5))
        self.assertIn('1 key of the last full run is not in it: "K00005"', job.call("run", "--quiet").stderr)
        self.assertEqual(len(sandbox.clients()), ROWS)

    def test_nobody_is_missing_from_a_part_that_was_named_on_the_command_line(self):
        sandbox, job = self.shop('action = "delete"\nmax_missing = "100%"')
        job.set("[source]", '[source]\nmax_shrink = "20%"')
        part = self.folder / "part.csv"
        job.write(self.without(*range(ROWS - 1)))
        job.source.rename(part)
        job.write([customer(n) for n in range(ROWS)])
        done = job.run(str(part))
        self.assert_summary(done, 0, unchanged=1)
        self.assertTrue(done.summary["partial"])
        self.assertEqual(len(sandbox.clients()), ROWS)
        # It is no measure for later runs either.
        self.assert_summary(job.run(), 0, unchanged=ROWS)
        # The job's own file is whole, also by name; and so is a part of which somebody says so.
        self.assertFalse(job.run(str(job.source)).summary["partial"])
        refused = job.run("--full", str(part))
        self.assertEqual((refused.returncode, refused.summary["exit_code"]), (2, 2))
        self.assertIn("as if the file was cut off", refused.stderr)

    def test_nobody_is_missing_from_a_file_that_grows_while_it_is_read(self):
        slow = self.sandbox("--limit", "0", "--latency", "700ms")
        job = Job(self.folder, slow.url)
        job.set("[key]", '[missing]\naction = "delete"\nmax_missing = "50%"\n[key]')
        job.write([customer(n) for n in range(ROWS)])
        self.assert_summary(job.run(), 0, created=ROWS)
        before = slow.requests()
        rows = [customer(n) for n in range(ROWS)]
        rows[0] = customer(0, **{"E-mail": "nowy@example.pl"})
        job.write(rows[:30])  # an export that is not through
        running = job.start()
        while slow.requests() == before:
            self.assertIsNone(running.poll())
            time.sleep(0.01)
        with job.source.open("a", encoding="utf-8") as out:
            out.write("K9999;\n")
        out, _ = running.communicate(timeout=60)
        self.assertEqual(running.returncode, 3)
        self.assertIn("was changed while it was read", json.loads(out)["stopped_because"])
        self.assertEqual(len(slow.clients()), ROWS)

    def test_they_get_a_status_and_what_comes_back_is_brought_into_step(self):
        sandbox, job = self.shop('action = "status"\nstatus = 3')
        job.set("[fields]", '[fields]\nstatus_id = { default = "1" }')
        self.assert_summary(job.run(), 0, updated=ROWS)
        job.write(self.without(3, 5))
        done = job.run()
        self.assert_summary(done, 0, unchanged=ROWS - 2)
        self.assertEqual((done.summary["missing"]["count"], done.summary["missing"]["done"], done.summary["requests"]), (2, 2, 4))
        self.assertEqual(sorted(c["login"] for _, c in sandbox.clients() if c["status_id"] == 3), ["K00003", "K00005"])
        self.assert_summary(job.run(), 0, unchanged=ROWS - 2)
        job.write(self.without(3))
        self.assert_summary(job.run(), 0, unchanged=ROWS - 2, updated=1)
        self.assertEqual([c["login"] for _, c in sandbox.clients() if c["status_id"] == 3], ["K00003"])

    def test_the_status_from_before_comes_back_with_the_row_unless_staff_gave_another(self):
        sandbox, job = self.shop('action = "status"\nstatus = 3')
        for number, client in sandbox.clients():
            sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**client, "status_id": 2}), number)
        job.write(self.without(3, 5))
        self.assertEqual(job.run().summary["missing"]["done"], 2)
        by_staff = next((n, c) for n, c in sandbox.clients() if c["login"] == "K00005")
        sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**by_staff[1], "status_id": 1}), by_staff[0])
        job.write(self.without())
        self.assert_summary(job.run(), 0, unchanged=ROWS - 1, updated=1)
        statuses = {c["login"]: c["status_id"] for _, c in sandbox.clients()}
        self.assertEqual((statuses["K00003"], statuses["K00005"], statuses["K00001"]), (2, 1, 2))
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=ROWS)
        self.assertEqual(sandbox.requests(), before)

    def test_the_status_from_before_outlives_a_night_on_which_the_row_is_faulty(self):
        sandbox, job = self.shop('action = "status"\nstatus = 3')
        for number, client in sandbox.clients():
            sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**client, "status_id": 2}), number)
        job.write(self.without(3))
        self.assertEqual(job.run().summary["missing"]["done"], 1)
        job.write([customer(3, **{"E-mail": "zly"}), *self.without(3)])
        self.assert_summary(job.run(), 1, unchanged=ROWS - 1, rejected=1)
        job.write(self.without())
        self.assert_summary(job.run(), 0, unchanged=ROWS - 1, updated=1)
        self.assertEqual({c["status_id"] for _, c in sandbox.clients()}, {2})

    def test_undo_gives_the_status_back(self):
        sandbox, job = self.shop('action = "status"\nstatus = 3')
        for number, client in sandbox.clients():
            sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**client, "status_id": 2}), number)
        job.write(self.without(3, 5))
        self.assertEqual(job.json("plan").said["requests"], 4)
        self.assertEqual(job.run().summary["missing"]["done"], 2)
        undone = job.json("undo", "--run", "2", "--yes").said
        self.assertEqual((undone["restored"], undone["deleted"]), (2, 0))
        self.assertEqual({c["status_id"] for _, c in sandbox.clients()}, {2})
        job.write(self.without())
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=ROWS)
        self.assertEqual(sandbox.requests(), before)

    def test_who_comes_back_to_an_account_that_showed_no_status_is_named(self):
        sandbox, job = self.shop('action = "status"\nstatus = 3')
        job.write(self.without(3, 5))
        self.assertEqual(job.run().summary["missing"]["done"], 2)
        job.write(self.without(5))
        done = job.call("run", "--quiet")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r'1 customer is again in it, and keeps the status for missing ones.*: "K00003"')
        self.assertEqual(job.call("run", "--quiet").stderr, "")

    def test_a_run_that_was_refused_is_no_base_for_the_next(self):
        """Another job's rows on the same journal: refused the first time, and the second."""
        sandbox, job = self.shop('action = "delete"')
        other = [customer(n) for n in range(ROWS, ROWS + 500)]
        job.write(self.without() + other)
        self.assert_summary(job.run(), 0, created=500, unchanged=ROWS)
        job.write(self.without())
        for _ in range(2):
            self.assertTrue(job.run().summary["missing"]["refused"])
        job.write(other)
        for _ in range(3):
            self.assertTrue(job.run().summary["missing"]["count"] > 0)
        self.assertEqual(len(sandbox.clients()), ROWS + 500)

    def test_they_are_deleted_and_made_anew_when_they_come_back(self):
        sandbox, job = self.shop('action = "delete"')
        job.write(self.without(3, 5))
        ahead = job.json("plan").said
        self.assertEqual((ahead["requests"], ahead["missing"]["action"], sorted(ahead["missing"]["keys"])),
                         (2, "delete", ["K00003", "K00005"]))
        self.assertIn("would be deleted, which cannot be undone", job.call("plan").stdout)
        self.assertEqual(len(sandbox.clients()), ROWS)
        done = job.call("run", "--quiet")
        self.assertEqual((done.returncode, done.stderr, done.stdout), (0, "", ""))  # as the job has it: nobody is needed
        history = [json.loads(run) for run in job.call("runs", "--json").stdout.splitlines()]
        missing = history[-1]["missing"]
        self.assertEqual((missing["action"], missing["count"], missing["done"], missing["refused"]), ("delete", 2, 2, False))
        self.assertIn("2 missing (2 deleted)", job.call("runs").stdout)
        self.assertIn("2 clients that it deleted as missing cannot be brought back",
                      job.call("undo", "--run", "2", "--yes").stderr)
        self.assert_each_once(sandbox, self.without(3, 5))
        job.write(self.without(3))
        self.assert_summary(job.run(), 0, created=1, unchanged=ROWS - 2)

    def test_more_than_max_missing_are_left_alone_and_a_person_is_told(self):
        sandbox, job = self.shop('action = "delete"')
        few = self.without(0, 1, 2)  # 7.5 %
        job.write(few)
        for _ in range(2):
            done = job.run()
            self.assert_summary(done, 1, unchanged=len(few))
            self.assertIn('more than [missing] max_missing = "5%" of the last full run', done.stderr)
            self.assertTrue(done.summary["missing"]["refused"])
        self.assertEqual(len(sandbox.clients()), ROWS)
        self.assertEqual(job.run("--max-missing", "much").returncode, 2)
        self.assertEqual(job.run("--max-missing", "10%").summary["missing"]["done"], 3)
        self.assert_each_once(sandbox, few)

    def test_a_row_whose_key_cannot_be_read_may_be_anybodys(self):
        sandbox, job = self.shop('action = "delete"')
        job.write(self.without(3))
        with job.source.open("a", encoding="utf-8") as source:
            source.write("K00003;klient3@example.pl;za;malo\n")
        done = job.run()
        self.assert_summary(done, 1, unchanged=ROWS - 1, rejected=1)
        self.assertIn("1 row has no key that can be read", done.stderr)
        self.assertEqual(len(sandbox.clients()), ROWS)

    def test_a_mended_rejects_file_misses_nobody(self):
        sandbox, job = self.shop('action = "delete"')
        rejects = self.folder / "mended.csv"
        rejects.write_text("Kod;E-mail;Imię;Nazwisko;Kraj;Uwagi;line;code;message\n"
                           "K00003;inny@example.pl;Jan;Nowak;Polska;;4;bad_email;zly\n", encoding="utf-8")
        self.assert_summary(job.run(str(rejects)), 0, updated=1)
        self.assertEqual(len(sandbox.clients()), ROWS)

    def test_who_was_absent_before_the_job_asked_is_left_alone(self):
        sandbox, job = self.shop('action = "delete"')
        text = job.file.read_text(encoding="utf-8")
        job.set('[missing]\naction = "delete"\n', "")
        job.write(self.without(3))
        self.assert_summary(job.run(), 0, unchanged=ROWS - 1)
        job.file.write_text(text, encoding="utf-8")
        job.write(self.without(3, 5))
        done = job.run()
        self.assertEqual(done.summary["missing"]["keys"], ["K00005"])
        self.assert_each_once(sandbox, [customer(n) for n in range(ROWS) if n != 5])


if __name__ == "__main__":
    main()
