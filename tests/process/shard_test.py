"""A run in shards: several programs at once, each with its part of one file and its own hold on one journal."""
import json
import pathlib
import signal

from database import DatabaseTest
from harness import Job, Sandbox, customer, main, wait_until

SHARDS = 3
SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "support"


class Shards(DatabaseTest):
    def hosts(self, sandbox, rows, section="", **options):
        """A job a shard, each with a folder and a state of its own."""
        jobs = [self.job(sandbox, name=f"host-{n}", **options) for n in range(1, SHARDS + 1)]
        for job in jobs:
            job.write(rows)
            if section:
                job.set("[key]", f"{section}\n[key]")
        return jobs

    def run_shards(self, jobs, *arguments):
        """All at once; their results in the order of the shards."""
        running = [job.start("--shard", f"{n}/{len(jobs)}", *arguments) for n, job in enumerate(jobs, 1)]
        ended = [process.communicate(timeout=120) for process in running]
        for process in running:
            self.assertIsNotNone(process.returncode)
        return [(process.returncode, json.loads(out) if out.strip() else None, said)
                for process, (out, said) in zip(running, ended, strict=True)]

    def judge_of(self, results):
        """The one that ended last: its summary is of all shards."""
        whole = [summary for _, summary, _ in results if summary and summary["shard"] is None]
        self.assertEqual(len(whole), 1, results)
        return whole[0]

    def history(self, job):
        return [json.loads(line) for line in job.call("runs", "--json").stdout.splitlines()]

    def test_three_at_once_make_each_client_once_and_the_last_one_judges_the_run(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "5ms")
        rows = [customer(n) for n in range(1, 301)] + [customer(301, **{"E-mail": "no address"})]
        jobs = self.hosts(sandbox, rows, '[missing]\naction = "delete"\nmax_missing = "50%"', requests_per_minute=0)
        results = self.run_shards(jobs)
        self.assert_each_once(sandbox, rows[:-1])
        judge = self.judge_of(results)
        self.assertEqual((judge["records"], judge["created"], judge["rejected"], judge["exit_code"]), (301, 300, 1, 1), judge)
        self.assertEqual(judge["requests"], sandbox.requests())
        parts = [summary for _, summary, _ in results if summary["shard"]]
        self.assertEqual(len(parts), SHARDS - 1, results)
        self.assertEqual({summary["run"] for _, summary, _ in results}, {1})
        # Each is told of its own rows alone: nobody but the last one knows the others'.
        for part in parts:
            self.assertEqual(part["records"], sum(part["outcomes"].values()))
            self.assertLess(part["records"], 301)
        history = self.history(jobs[0])
        self.assertEqual([(r["run"], r["records"], r["created"], r["exit_code"]) for r in history], [(1, 301, 300, 1)])
        # The log was folded into the directory by who held it as a whole.
        self.assertEqual(self.sql("SELECT count(*) FROM baseload_crm.key_log"), "0")
        # Nothing changed: nothing is sent, whoever does it, in whatever number of shards, or as a whole.
        before = sandbox.requests()
        again = self.judge_of(self.run_shards(jobs))
        self.assertEqual((again["unchanged"], again["rejected"], again["requests"]), (300, 1, 0), again)
        self.assertEqual(jobs[1].run().summary["unchanged"], 300)
        two = self.judge_of(self.run_shards(jobs[:2]))
        self.assertEqual((two["unchanged"], two["run"]), (300, 4))
        self.assertEqual(sandbox.requests(), before)
        # Who is missing is found out by all, and acted on once.
        for job in jobs:
            job.write(rows[10:])
        judge = self.judge_of(self.run_shards(jobs))
        self.assertEqual((judge["missing"]["done"], judge["unchanged"]), (10, 290), judge)
        self.assertEqual(sandbox.requests(), before + 10)
        self.assert_each_once(sandbox, rows[10:-1])
        check = self.program(jobs[0], "check", jobs[0].file)
        self.assertEqual(check.returncode, 0, check.stdout)
        self.assertEqual(jobs[0].call("undo", "--run", "1", "--yes").returncode, 0)
        self.assertEqual(sandbox.clients(), [])

    def test_a_shard_that_was_killed_joins_the_run_again_and_then_it_is_judged(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "100ms")
        rows = [customer(n) for n in range(1, 241)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0, connections=4, settling_time='"1s"')
        killed = jobs[0].start("--shard", "1/3")
        wait_until(lambda: sandbox.requests() > 10)
        killed.kill()
        killed.communicate(timeout=120)
        # Without it the run is not through.
        for n in (2, 3):
            done = jobs[n - 1].run("--shard", f"{n}/3")
            self.assertEqual((done.returncode, done.summary["shard"], done.summary["run"]), (0, f"{n}/3", 1), done.stderr)
        self.assertIsNone(self.history(jobs[1])[0]["exit_code"])
        self.wait_for_the_leases_end()
        # Whoever looks does not part them.
        self.assertEqual(jobs[1].call("audit").returncode, 1)
        known = self.sql("SELECT count(*) FROM baseload_crm.client")
        self.assertIn(f"{known} clients", jobs[1].call("doctor").stdout)
        self.assertIn("one of its shards is still to come", jobs[1].call("status").stdout)
        done = jobs[0].run("--shard", "1/3")
        self.assertEqual((done.returncode, done.summary["shard"], done.summary["run"]), (0, None, 1), done.stderr)
        # Also what the killed try had made.
        self.assertEqual((done.summary["records"], done.summary["created"]), (len(rows), len(rows)))
        self.assert_each_once(sandbox, rows)
        self.assertEqual([r["exit_code"] for r in self.history(jobs[1])], [0])

    def test_a_forgotten_shard_is_told_of_by_the_next_run(self):
        sandbox = self.sandbox("--limit", "0")
        rows = [customer(n) for n in range(1, 41)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0)
        made = [jobs[n - 1].run("--shard", f"{n}/3").summary["created"] for n in (1, 3)]
        self.assertEqual([r["exit_code"] for r in self.history(jobs[0])], [None])
        # A copy of what was not closed is whole all the same, and stays so.
        file = self.folder / "copy.journal"
        copied = self.program(jobs[0], "copy", jobs[0].file, str(file), "--backup")
        self.assertEqual(copied.returncode, 0, copied.stderr)
        rows[0]["Uwagi"] = "nowe"
        for job in jobs:
            job.write(rows)
        next_night = jobs[0].run("--quiet", "--shard", "1/3")
        self.assertEqual(next_night.returncode, 0, next_night.stderr)
        self.assertIn("ended without shard 2/3", next_night.stderr)
        first = self.history(jobs[0])[0]
        self.assertEqual((first["exit_code"], first["created"]), (3, sum(made)))
        # Once, and not each time.
        self.assertNotIn("ended without", jobs[1].run("--quiet", "--shard", "2/3").stderr)
        judge = jobs[2].run("--quiet", "--shard", "3/3")
        self.assertEqual((judge.returncode, judge.summary["shard"], judge.summary["records"]), (0, None, len(rows)), judge.stderr)
        self.assert_each_once(sandbox, rows)
        # The copy in a file is taken for what it is: a whole one that is not in use.
        jobs[0].set(f'url = "{self.url()}"\nname = "crm"\nlease = "5s"', f'path = "{file}"')
        self.assertIn("it is a backup of", jobs[0].call("run").stderr)
        accepted = jobs[0].run("--accept-journal")
        self.assertEqual(accepted.returncode, 0, accepted.stderr)

    def test_one_that_is_stopped_stops_the_run_and_goes_on_with_it(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
        rows = [customer(n) for n in range(1, 121)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0, connections=2)
        stopped = jobs[1].start("--shard", "2/3")
        wait_until(lambda: sandbox.requests() > 5)
        stopped.send_signal(signal.SIGTERM)
        self.assertIsNotNone(stopped.communicate(timeout=120))
        self.assertEqual(stopped.returncode, 3)
        first = jobs[0].run("--shard", "1/3")
        self.assertEqual(first.returncode, 0, first.stderr)
        last = jobs[2].run("--shard", "3/3")
        self.assertEqual((last.returncode, last.summary["shard"]), (3, None), last.stderr)
        self.assertIn("shard 2/3: ", last.summary["stopped_because"])
        self.assertEqual(sum(last.summary["outcomes"].values()), len(rows))
        again = jobs[1].run("--shard", "2/3")
        self.assertEqual((again.returncode, again.summary["shard"], again.summary["run"]), (0, None, 1), again.stderr)
        # Of all tries.
        self.assertEqual((again.summary["records"], again.summary["created"], again.summary["requests"]),
                         (len(rows), len(rows), sandbox.requests()))
        self.assert_each_once(sandbox, rows)

    def test_who_may_not_be_at_work_at_once(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "100ms")
        rows = [customer(n) for n in range(1, 200)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0, connections=1)
        running = jobs[0].start("--shard", "1/3")
        self.addCleanup(running.kill)
        wait_until(lambda: sandbox.requests() > 3)
        # The same shard, another number of them, the whole, and what needs the whole.
        for arguments in (("run", "--shard", "1/3"), ("run", "--shard", "1/2"), ("run",), ("undo", "--run", "1", "--yes")):
            busy = jobs[1].call(*arguments)
            self.assertEqual(busy.returncode, 75, busy.stderr)
            self.assertIn(f"shard 1/3, process {running.pid} on ", busy.stderr)
        # Another file, and other rules: nobody could say what the run was of.
        jobs[1].write(rows[:-1])
        busy = jobs[1].call("run", "--shard", "2/3")
        self.assertEqual(busy.returncode, 75, busy.stderr)
        self.assertIn("at work on another source", busy.stderr)
        jobs[1].write(rows)
        under_way = jobs[2].call("status").stdout
        self.assertIn("under way since", under_way)
        self.assertRegex(under_way, r"\n  shard \d/\d, process \d+ on \S+, started \S+: \w")
        running.send_signal(signal.SIGTERM)
        running.communicate(timeout=120)
        # A file needs no other hosts; and what is no shard.
        (self.folder / "own").mkdir()
        own = Job(self.folder / "own", sandbox.url)
        own.write(rows)
        refused = own.call("run", "--shard", "1/2")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("journal copy", refused.stderr)
        for wrong in ("0/3", "4/3", "1", "a/b", "1/0", ""):
            self.assertEqual(jobs[0].call("run", "--shard", wrong).returncode, 2, wrong)

    def test_what_a_killed_run_had_under_way_is_waited_for_by_everybody(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "200ms")
        rows = [customer(n) for n in range(1, 60)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0, lease="2s", timeout='"10s"')
        waits = "was not heard of any more may have requests under way: nothing is sent for"
        killed = jobs[0].start()
        wait_until(lambda: sandbox.requests() > 5)
        killed.kill()
        killed.communicate(timeout=120)
        self.wait_for_the_leases_end()
        # The first one to come is stopped while it waits: those behind it wait all the same, each shard of them.
        stopped = jobs[1].start()
        self.assertIn(waits, stopped.stderr.readline())
        stopped.send_signal(signal.SIGTERM)
        stopped.communicate(timeout=120)
        before = sandbox.requests()
        running = [job.start("--shard", f"{n}/2") for n, job in enumerate(jobs[:2], 1)]
        ended = [process.communicate(timeout=120) for process in running]
        for process, (_, said) in zip(running, ended, strict=True):
            self.assertEqual(process.returncode, 0, said)
            self.assertIn(waits, said)
        self.assertGreater(sandbox.requests(), before)
        self.assert_each_once(sandbox, rows)

    def test_look_alikes_in_doubt_in_two_shards_do_not_wait_for_each_other_for_ever(self):
        fields = 'email = "E-mail"\ninvoice_fullname = { template = "{Imię} {Nazwisko}" }\n'

        def job(name, rows, **options):
            made = self.job(sandbox, name=name, lease="2s", requests_per_minute=0, **options)
            text = made.file.read_text(encoding="utf-8")
            made.file.write_text(text[:text.index("[fields]")] + "[fields]\n" + fields, encoding="utf-8")
            made.write(rows)
            return made

        # A key of each shard.
        sandbox = self.sandbox("--limit", "0")
        probe = job("probe", [customer(n) for n in range(1, 20)], journal="probe")
        probe.run("--shard", "1/2", "--first-run")
        in_first = {entry["key"] for entry in probe.export()}
        first = next(n for n in range(1, 20) if f"K{n:05}" in in_first)
        second = next(n for n in range(1, 20) if f"K{n:05}" not in in_first)
        seed = customer(100)
        self.assert_summary(job("seed", [seed]).run("--first-run"), 0, created=1)
        sandbox.stop()
        # The first one's create is carried out and not answered, the second one's never arrives; then both hosts die.
        rows = [seed, *(customer(n, **{"E-mail": "biuro@example.pl", "Nazwisko": "Nowak"}) for n in (first, second))]
        for number, fault in ((1, "drop-after"), (2, "drop-before")):
            sandbox = Sandbox(self.folder, "--limit", "0", "--faults", f"{fault}=1", port=sandbox.port)
            running = job(f"host-{number}", rows, settling_time='"60s"').start("--shard", f"{number}/2")
            wait_until(lambda: self.sql("SELECT count(*) FROM baseload_crm.intent") == str(number))  # noqa: B023
            wait_until(lambda: "biuro" in str(sandbox.clients()))  # noqa: B023
            running.kill()
            running.communicate()
            sandbox.stop()
        sandbox = Sandbox(self.folder, "--limit", "0", port=sandbox.port)
        self.addCleanup(sandbox.stop)
        self.wait_for_the_leases_end()
        again = [job(f"again-{number}", rows, timeout='"500ms"', settling_time='"500ms"') for number in (1, 2)]
        for _ in range(3):  # one that comes much later than the other leaves it to the next time
            results = self.run_shards(again)
            if all(code == 0 for code, _, _ in results):
                break
        self.assertEqual([code for code, _, _ in results], [0, 0], results)
        self.assertEqual(sum("biuro" in client["email"] for _, client in sandbox.clients()), 2)
        self.assertEqual({entry["state"] for entry in again[0].export()}, {"linked"})

    def test_who_judges_holds_the_whole_and_an_undone_run_is_joined_by_nobody(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "5ms")
        rows = [customer(n) for n in range(1, 101)]
        jobs = self.hosts(sandbox, rows, '[missing]\naction = "delete"\nmax_missing = "90%"', requests_per_minute=0,
                          connections=1, lease="2s", on_deleted='"recreate"')[:2]
        self.judge_of(self.run_shards(jobs))
        for job in jobs:
            job.write(rows[60:])
        self.assertEqual(jobs[0].run("--shard", "1/2").returncode, 0)
        sandbox.stop()
        slow = self.sandbox("--limit", "0", "--latency", "100ms", port=sandbox.port)
        judge = jobs[1].start("--shard", "2/2")
        wait_until(lambda: len(slow.clients()) < 95)  # it deletes
        for arguments in (("run",), ("run", "--shard", "1/2"), ("undo", "--run", "1", "--yes")):
            busy = jobs[0].call(*arguments)
            self.assertEqual(busy.returncode, 75, busy.stderr)
            self.assertIn(f"shard 2/2, process {judge.pid} on ", busy.stderr)
        # It is stopped for longer than its lease: somebody else has the journal then, and it deletes nobody any more.
        judge.send_signal(signal.SIGSTOP)
        self.wait_for_the_leases_end()
        jobs[0].write(rows)
        back = jobs[0].run()
        self.assertEqual(back.returncode, 0, back.stderr)
        # Also the one whose deletion was under way, which nobody here knows to have been carried out.
        judge.send_signal(signal.SIGCONT)
        _, said = judge.communicate(timeout=120)
        self.assertEqual(judge.returncode, 3, said)
        self.assert_each_once(slow, rows)
        # One of two is through, and the run is undone: the other begins another one.
        for job in jobs:
            job.write(rows[:20])
        half = jobs[0].run("--shard", "1/2")
        self.assertEqual((half.returncode, half.summary["shard"]), (0, "1/2"), half.stderr)
        undone = half.summary["run"]
        self.assertEqual(jobs[0].call("undo", "--run", str(undone), "--yes").returncode, 0)
        other = jobs[1].run("--shard", "2/2")
        self.assertEqual((other.returncode, other.summary["shard"], other.summary["run"] > undone), (0, "2/2", True), other.stderr)

    def test_a_journal_of_the_first_format_is_brought_up_to_date(self):
        sandbox = self.sandbox("--limit", "0")
        rows = [customer(n) for n in range(1, 30)]
        (job, *_) = self.hosts(sandbox, rows, requests_per_minute=0)
        self.sql((SUPPORT / "journal_format_1.sql").read_text(encoding="utf-8"))
        lease = ("INSERT INTO baseload_crm.lease (one, fence, application, host, pid, until) "
                 "VALUES (1, 7, 'baseload 1', 'old-host', 5, clock_timestamp() + interval '{}')")
        self.sql(lease.format("1 hour"))
        # It can be looked at as it is.
        self.assertIn("\n  process 5 on old-host, started ", job.call("status").stdout)
        self.assertIn("format 1)", self.program(job, "info", job.file).stdout)
        # Not under the feet of a run of the older version.
        busy = job.call("run")
        self.assertEqual(busy.returncode, 75, busy.stderr)
        self.assertIn("of an older baseload", busy.stderr)
        # Its host died: what it had under way is waited for.
        self.sql("UPDATE baseload_crm.lease SET until = clock_timestamp() - interval '1 second'")
        done = job.run()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("was not heard of any more", done.stderr)
        self.assert_each_once(sandbox, rows)
        self.assertEqual(self.sql("SELECT format FROM baseload_crm.self"), "3")
        # For who may not change tables, an administrator does the same.
        self.sql("DROP SCHEMA baseload_crm CASCADE; CREATE ROLE clerk LOGIN; " +
                 (SUPPORT / "journal_format_1.sql").read_text(encoding="utf-8"))
        job.set("postgres@", "clerk@")
        refused = job.call("run")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("baseload journal schema", refused.stderr)
        script = self.program(job, "schema", job.file, "--user", "clerk").stdout
        self.sql(script)
        self.sql(script)
        self.assertEqual(self.sql("SELECT format FROM baseload_crm.self"), "3")
        self.assertEqual(job.run("--accept-journal", "--first-run").returncode, 0)

    def test_kubernetes_numbers_its_pods(self):
        sandbox = self.sandbox("--limit", "0")
        rows = [customer(n) for n in range(1, 40)]
        jobs = self.hosts(sandbox, rows, requests_per_minute=0)
        self.assertEqual(jobs[0].call("run", "--shard", "env").returncode, 2)
        shards = []
        for index, job in enumerate(jobs):
            job.environment = {**job.environment, "JOB_COMPLETION_INDEX": str(index), "BASELOAD_SHARDS": "3"}
            done = job.run("--shard", "env" if index else "env/3")
            self.assertEqual(done.returncode, 0, done.stderr)
            shards.append(done.summary["shard"])
        self.assertEqual(shards, ["1/3", "2/3", None])
        self.assert_each_once(sandbox, rows)


if __name__ == "__main__":
    main()
