"""A journal in a real PostgreSQL: several hosts, of which each is a process here, a database that is restarted or cut
off, and what is said where it cannot be used."""
import json
import os
import pathlib
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import postgres  # noqa: E402
from database import DatabaseTest  # noqa: E402
from harness import EXECUTABLE, Job, Sandbox, customer, main, wait_until  # noqa: E402

PASSWORD = "correct horse"


class Proxy:
    """A way to the database that can be cut: every connection at once, or for good."""

    def __init__(self, port):
        self.target, self.pairs, self.is_open = port, [], True
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            if not self.is_open:
                client.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self.pairs.append((client, server))
            for a, b in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(a, b), daemon=True).start()

    @staticmethod
    def pump(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                    end.close()
                except OSError:
                    pass

    def close(self):
        self.server.close()
        self.cut()


class SeveralHosts(DatabaseTest):
    def test_a_host_that_was_stopped_and_comes_back_sends_nothing_and_writes_nothing(self):
        sandbox = self.sandbox("--limit", "100", "--latency", "400ms")
        rows = [customer(n) for n in range(1, 60)]
        first, second = (self.job(sandbox, name=name, requests_per_minute=95) for name in ("one", "two"))
        for job in (first, second):
            job.write(rows)
        stopped = first.start()
        self.addCleanup(stopped.kill)
        wait_until(lambda: sandbox.requests() > 10)
        # Held: by which process of which host, and since when.
        busy = second.call("run")
        self.assertEqual(busy.returncode, 75, busy.stderr)
        self.assertIn(f"process {stopped.pid} on {socket.gethostname()}, started 20", busy.stderr)
        quiet = second.call("run", "--quiet")
        self.assertEqual((quiet.returncode, quiet.stdout, quiet.stderr), (75, "", ""))
        stopped.send_signal(signal.SIGSTOP)
        self.wait_for_the_leases_end()
        before = sandbox.requests()
        taker = second.start()
        self.addCleanup(taker.kill)
        # Until what the first had under way is settled.
        wait_until(lambda: sandbox.requests() > before + 20)
        stopped.send_signal(signal.SIGCONT)
        out, said = stopped.communicate(timeout=120)
        self.assertEqual(stopped.returncode, 3, said)
        self.assertIn("was taken over by another run", out + said)
        # It tells of what it sent itself, and may have been about to send on each of 8 connections; not of the other's.
        summary = json.loads(out)
        sent = [row["Kod"] for row in rows[:before - 1 + 8]]
        self.assertIn(summary["created"] + summary["in_doubt"], range(before - 1, before + 8))
        self.assertLessEqual({doubt["key"] for doubt in summary["doubts"]}, set(sent))
        self.assertEqual(summary["doubtful_elsewhere"], 0)
        out, said = taker.communicate(timeout=120)
        self.assertEqual(taker.returncode, 0, said)
        self.assertIn("was not heard of any more may have requests under way", said)
        self.assert_each_once(sandbox, rows)
        self.assertLessEqual(sandbox.busiest_minute(), 95)
        rerun = first.run()
        self.assert_summary(rerun, 0, unchanged=len(rows))

    def test_a_killed_host_keeps_the_journal_for_its_lease_and_what_it_sent_is_looked_up(self):
        sandbox = self.sandbox("--latency", "50ms", "--limit", "0")
        rows = [customer(n) for n in range(1, 150)]
        first, second = (self.job(sandbox, name=name, lease="10s") for name in ("one", "two"))
        for job in (first, second):
            job.write(rows)
        for job, other in ((first, second), (second, first)):
            killed = job.start()
            before = sandbox.requests()
            wait_until(lambda before=before: sandbox.requests() > before + 20)
            killed.kill()
            killed.communicate()
            self.assertEqual(other.call("run").returncode, 75)
            self.wait_for_the_leases_end()
        self.assert_goes_on(first, rows)
        self.assert_each_once(sandbox, rows)
        self.assert_summary(second.run(), 0, unchanged=len(rows))

    def test_what_is_read_is_the_journal_whoever_holds_it(self):
        sandbox = self.sandbox("--latency", "100ms", "--limit", "0")
        job = self.job(sandbox, lease="5m")
        rows = [customer(n) for n in range(1, 500)]
        job.write(rows)
        self.assertIn("no run has ended yet", job.call("status").stdout)
        running = job.start()
        self.addCleanup(running.kill)
        wait_until(lambda: "sending" in job.call("status", "--json").stdout)
        said = job.call("doctor").stdout
        self.assertIn("a run holds it", said)
        self.assertNotIn("in doubt", said)  # what is under way
        self.assertGreater(len(job.export()), 0)
        running.send_signal(signal.SIGTERM)
        running.communicate()
        self.assertIn("no run is under way", job.call("status").stdout)
        self.assertIn("exit 3", job.call("runs").stdout)
        self.assert_goes_on(job, rows)
        undone = job.call("undo", "--run", "1", "--yes")
        self.assertEqual(undone.returncode, 0, undone.stderr)
        # Two jobs of one account in one database, each with its journal, and a job in a file that shares their limit.
        other = self.job(sandbox, name="other", journal="other")
        other.write([customer(n) for n in range(500, 510)])
        self.assertEqual(other.call("run").returncode, 2)  # whose customers are these?
        self.assert_summary(other.run("--first-run"), 0, created=10)
        in_a_file = Job(self.folder / "other", sandbox.url, name="file", limit_url=f'"{self.url()}"')
        in_a_file.write([customer(n) for n in range(600, 610)])
        self.assertIn("#other", in_a_file.call("run").stderr)
        self.assert_summary(in_a_file.run("--first-run"), 0, created=10)


class DatabaseAtFault(DatabaseTest):
    def test_a_database_that_is_restarted_again_and_again_ends_no_run(self):
        sandbox = self.sandbox("--latency", "5ms", "--limit", "0")
        job = self.job(sandbox, lease="20s", requests_per_minute=1_000_000)
        rows = [customer(n) for n in range(1, 600)]
        job.write(rows)
        running = job.start()
        self.addCleanup(running.kill)
        for _ in range(4):
            before = sandbox.requests()
            wait_until(lambda before=before: sandbox.requests() > before + 20 or running.poll() is not None)
            self.server.restart("immediate")
        out, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 0, said + out)
        self.assert_each_once(sandbox, rows)
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=len(rows))
        self.assertEqual(sandbox.requests(), before)

    def test_a_connection_that_is_cut_at_any_moment_makes_nobody_twice(self):
        sandbox = self.sandbox("--latency", "2ms", "--limit", "0")
        proxy = Proxy(self.server.port)
        self.addCleanup(proxy.close)
        job = self.job(sandbox, url=self.url(port=proxy.port), lease="20s", requests_per_minute=1_000_000)
        rows = [customer(n) for n in range(1, 200)]
        job.write(rows)
        chance = random.Random(16)
        cuts = 0
        for _ in range(20):
            running = job.start()
            while running.poll() is None:
                time.sleep(chance.expovariate(1 / 0.2))
                proxy.cut()
                cuts += 1
            out, said = running.communicate()
            # 3 where it was cut again and again; 2 before anything was sent.
            self.assertIn(running.returncode, (0, 2, 3, 75), said + out)
            if running.returncode == 0:
                break
            if running.returncode == 75:
                self.wait_for_the_leases_end()
        self.assertEqual(running.returncode, 0, said + out)
        self.assertGreater(cuts, 5)
        self.assert_each_once(sandbox, rows)
        self.assert_summary(job.run(), 0, unchanged=len(rows))

    def test_a_database_that_has_lost_commits_ends_the_run_and_the_next_looks_for_what_is_missing(self):
        sandbox = self.sandbox("--latency", "50ms", "--limit", "0")
        job = self.job(sandbox, lease="20s")
        rows = [customer(n) for n in range(1, 120)]
        job.write(rows)
        running = job.start()
        self.addCleanup(running.kill)
        wait_until(lambda: sandbox.requests() > 30)
        # As a standby that was behind would show it.
        self.sql("DELETE FROM baseload_crm.client WHERE crm_client_id > 5; UPDATE baseload_crm.lease SET commits = 1")
        out, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 3, said)
        self.assertIn("it has lost what it had committed", out)
        again = job.run()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("may lack what was recorded last", again.stderr)
        self.assert_each_once(sandbox, rows)
        self.assertNotIn("warning the journal", job.call("run").stderr)

    def test_what_a_database_or_a_user_has_set_otherwise_does_not_count(self):
        for setting in ("synchronous_commit = off", "default_transaction_isolation = 'serializable'",
                        "search_path = 'nowhere'", "idle_session_timeout = '300ms'"):
            self.server.sql(f'ALTER DATABASE "{self.database}" SET {setting}')
        sandbox = self.sandbox("--limit", "100", "--latency", "20ms")
        jobs = [self.job(sandbox, name=f"shop-{n}", journal=f"shop_{n}", requests_per_minute=60) for n in range(3)]
        for n, job in enumerate(jobs):
            job.write([customer(number) for number in range(100 * n, 100 * n + 15)])
        # All at once, on an empty database: each makes what it lacks, or finds that another has made it.
        running = [job.start("--first-run") for job in jobs]
        for process in running:
            self.addCleanup(process.kill)
            wait_until(lambda process=process: process.poll() is not None)
            self.assertEqual(process.returncode, 0, process.stderr.read())
        self.assertEqual(len(sandbox.clients()), 45)
        self.assertLessEqual(sandbox.busiest_minute(), 60)

    def test_a_folder_whose_name_is_no_utf_8_is_a_folder_like_any_other(self):
        sandbox = self.sandbox("--limit", "0")
        folder = os.fsdecode(os.fsencode(self.folder) + b"/b\xe9d")
        os.mkdir(folder)
        job = self.job(sandbox, name=os.path.basename(folder))
        job.write([customer(n) for n in range(1, 10)])
        done = subprocess.run(job.command("run"), env=job.environment, capture_output=True, timeout=60, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(b"exit 0", subprocess.run(job.command("runs"), env=job.environment, capture_output=True, check=True).stdout)

    def test_a_run_that_is_told_to_stop_does_not_wait_for_a_database_that_is_gone(self):
        sandbox = self.sandbox("--latency", "30ms", "--limit", "0")
        proxy = Proxy(self.server.port)
        self.addCleanup(proxy.close)
        job = self.job(sandbox, url=self.url(port=proxy.port), lease="5m", requests_per_minute=100_000)
        job.write([customer(n) for n in range(1, 3000)])
        running = job.start()
        self.addCleanup(running.kill)
        wait_until(lambda: sandbox.requests() > 30)
        proxy.is_open = False
        proxy.cut()
        running.send_signal(signal.SIGTERM)
        out, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 3, out + said)
        self.assertIn("does not answer", said)
        self.assert_no_duplicates(sandbox)
        # In doubt is what may have left, at most one more on each of 8 connections; what waited behind has not been reached.
        summary = json.loads(out)
        self.assertLessEqual(summary["created"] + summary["in_doubt"], sandbox.requests() + 8)
        self.assertGreaterEqual(summary["created"] + summary["in_doubt"], len(sandbox.clients()))
        self.assertEqual(summary["created"] + summary["in_doubt"] + summary["not_reached"], summary["records"])

    def test_a_full_disk_of_the_server_stops_the_run_and_loses_nothing(self):
        disk = self.server.folder / "small"
        disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False).returncode:
            self.skipTest("no file system can be mounted here")
        # Until the server lets go of its files.
        self.addCleanup(subprocess.run, ["umount", "--lazy", disk], check=True)
        postgres.give_to_owner(disk)
        self.server.sql(f"CREATE TABLESPACE small LOCATION '{disk}'")
        self.addCleanup(self.server.sql, f'DROP DATABASE "{self.database}" WITH (FORCE); DROP TABLESPACE small')
        self.server.sql(f'ALTER DATABASE "{self.database}" SET default_tablespace = small')
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox)
        rows = [customer(n) for n in range(1, 3000)]
        job.write(rows)
        stopped = job.run()
        self.assertEqual(stopped.returncode, 3, stopped.stderr)
        self.assertIn("No space left on device", stopped.summary["stopped_because"])
        self.assertIn("free some space on the server's disk", stopped.summary["stopped_because"])
        self.assertLess(len(sandbox.clients()), len(rows))
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        self.assert_goes_on(job, rows)
        self.assert_each_once(sandbox, rows)

    def test_a_network_that_is_gone_for_longer_than_the_lease_stops_the_sending(self):
        sandbox = self.sandbox("--latency", "5ms", "--limit", "0")
        proxy = Proxy(self.server.port)
        self.addCleanup(proxy.close)
        job = self.job(sandbox, url=self.url(port=proxy.port), requests_per_minute=0)
        rows = [customer(n) for n in range(1, 3000)]
        job.write(rows)
        running = job.start()
        self.addCleanup(running.kill)
        wait_until(lambda: sandbox.requests() > 20)
        proxy.is_open = False
        proxy.cut()
        self.wait_for_the_leases_end()
        before = sandbox.requests()
        taker = self.job(sandbox, name="two", requests_per_minute=0)
        taker.write(rows)
        self.assert_goes_on(taker, rows)
        self.assertGreater(sandbox.requests(), before)
        proxy.is_open = True
        out, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 3, said + out)
        self.assert_each_once(sandbox, rows)


class Upkeep(DatabaseTest):
    def test_a_journal_is_copied_between_file_and_database_and_one_of_the_two_is_in_use(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "30ms")
        rows = [customer(n) for n in range(1, 120)]
        in_file = Job(self.folder, sandbox.url, name="file")
        in_file.write(rows)
        killed = in_file.start()
        wait_until(lambda: sandbox.requests() > 40)
        killed.kill()
        killed.communicate()
        place = f"{self.url()}#crm"
        copied = self.program(in_file, "copy", in_file.journal, place)
        self.assertEqual(copied.returncode, 0, copied.stderr)
        self.assertRegex(copied.stdout, r"rows, the same in both \(checksum [0-9a-f]{32}\)")
        known = in_file.export()
        refused = in_file.call("run")
        self.assertEqual(refused.returncode, 2)
        self.assertIn("has given its clients to", refused.stderr)
        self.assertIn("has given its clients to", in_file.call("doctor").stdout)
        again = self.program(in_file, "copy", in_file.journal, f"{self.url()}#again")
        self.assertEqual((again.returncode, "already" in again.stderr), (2, True), again.stderr)
        # The other engine goes on where the first was: what was in doubt is looked up, nothing is created.
        in_database = self.job(sandbox)
        in_database.write(rows)
        self.assertEqual(in_database.export(), known)
        self.assertEqual(in_database.call("runs").stdout, in_file.call("runs").stdout)
        self.assert_goes_on(in_database, rows)
        self.assert_each_once(sandbox, rows)
        for where in (in_database.file, in_file.file):
            self.assertIn("all of it fits together", self.program(in_file, "check", where).stdout)
        facts = self.program(in_file, "info", "--json", place)
        self.assertEqual(json.loads(facts.stdout)["clients"], len(rows))
        self.assertEqual(json.loads(facts.stdout)["moved_to"], None)
        # To the file of another job, as a backup: the database stays in use.
        back = self.folder / "back.journal"
        self.assertEqual(self.program(in_file, "copy", in_database.file, back, "--backup").returncode, 0)
        self.assert_summary(in_database.run(), 0, unchanged=len(rows))
        self.assertEqual(self.program(in_file, "copy", in_database.file, back).returncode, 2)  # it has clients
        # A copy that was cut off is no journal, and is made whole by another try.
        half = f"{self.url()}#half"
        cut = subprocess.Popen([EXECUTABLE, "journal", "copy", str(back), half, "--backup"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: cut.poll() is not None or self.sql("SELECT to_regclass('baseload_half.kept')"))
        cut.kill()
        cut.communicate()
        self.sql("INSERT INTO baseload_half.kept VALUES ('copy under way', 'x') ON CONFLICT (name) DO UPDATE SET text = 'x'; UPDATE baseload_half.lease SET until = now()")
        self.assertIn("half a copy of x", self.job(sandbox, name="three", journal="half").call("export").stderr)
        whole = self.program(in_file, "copy", back, half, "--backup")
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertIn("it is a backup of", self.job(sandbox, name="three", journal="half").call("run").stderr)

    def test_a_database_that_was_put_back_and_a_file_that_was_left_behind_are_noticed(self):
        sandbox = self.sandbox("--limit", "0")
        in_file = Job(self.folder, sandbox.url, name="file")
        in_file.write([customer(n) for n in range(1, 10)])
        self.assert_summary(in_file.run(), 0, created=9)
        # The same job, told to use a database from now on, and nothing was copied: everybody would be made again.
        in_file.set("[key]", f'[journal]\nurl = "{self.url()}"\nname = "crm"\nlease = "2s"\n[key]')
        refused = in_file.call("run")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("file.journal", refused.stderr)
        self.assertEqual(self.program(in_file, "copy", in_file.journal, in_file.file).returncode, 0)
        self.assert_summary(in_file.run(), 0, unchanged=9)
        # Of a quiet evening, put back a day later.
        dump = self.dump()
        in_file.write([customer(n) for n in range(1, 15)])
        self.assert_summary(in_file.run(), 0, unchanged=9, created=5)
        self.put_back(dump)
        refused = in_file.call("run")
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("is older than the one that was used last", refused.stderr)
        self.assertEqual(len(sandbox.clients()), 14)

        # Another host cannot know that, but finds that the database is not the one of the last run.
        self.assert_finds_what_was_lost(sandbox, self.job(sandbox, name="other", lease="2s", timeout='"1s"'), 14, 5)
        # Where another host's link has found all of them, the one that remembers more need only be told.
        for _ in range(6):
            self.assertEqual(in_file.call("run").returncode, 0)
        self.put_back(dump)
        third = self.job(sandbox, name="third", lease="2s", timeout='"1s"')
        third.write([customer(n) for n in range(1, 15)])
        for host in (third, in_file):
            self.assertEqual(in_file.call("run").returncode, 2)
            self.assertEqual(host.call("link", "--match", "email").returncode, 0)
        self.assertEqual(in_file.call("run").returncode, 0)
        self.assert_no_duplicates(sandbox)

    def servers(self):
        """A primary and its standby, of the test's own."""
        primary = postgres.Cluster()
        self.addCleanup(primary.remove)
        standby = postgres.Standby(primary)
        self.addCleanup(standby.remove)
        return primary, standby

    def assert_finds_what_was_lost(self, sandbox, host, known, lost):
        """The account has so many customers, of which the journal has lost some: each new one of the source is looked up."""
        rows = [customer(n) for n in range(1, known + 3)]
        host.write(rows)
        self.assertEqual(host.json("plan").said["requests"], 2 * (lost + 2))
        first = host.run()
        self.assertIn("warning the journal", first.stderr)
        self.assertIn("may lack what was recorded last", first.stderr)
        # Notes are in no list, so what the account has of them is not known.
        self.assert_summary(first, 0, unchanged=known - lost, updated=lost, created=2)
        self.assert_each_once(sandbox, rows)
        # A lost one may have had no row that night: the looking goes on, and a person was told once.
        rows += [customer(known + 3)]
        host.write(rows)
        sent = sandbox.requests()
        again = host.run()
        self.assert_summary(again, 0, unchanged=known + 2, created=1)
        self.assertEqual(("warning the journal" in again.stderr, sandbox.requests()), (False, sent + 2), again.stderr)
        self.assertIn("may lack", host.call("doctor").stdout)
        # Not by a part of the customers.
        part = host.file.read_text(encoding="utf-8")
        host.set("[account]", "part = true\n[account]")
        host.call("link", "--match", "email")
        self.assertIn("may lack", self.program(host, "info", host.file).stdout)
        host.file.write_text(part, encoding="utf-8")
        linked = host.call("link", "--match", "email")
        self.assertEqual(linked.returncode, 0, linked.stderr)
        self.assertNotIn("may lack", self.program(host, "info", host.file).stdout)
        rows += [customer(known + 4)]
        host.write(rows)
        sent = sandbox.requests()
        done = host.run()
        self.assert_summary(done, 0, unchanged=known + 3, created=1)
        self.assertEqual((done.stderr.count("may lack"), sandbox.requests()), (0, sent + 1), done.stderr)
        self.assert_each_once(sandbox, rows)

    def test_a_standby_that_has_taken_the_primarys_place_may_lack_clients(self):
        # Whether it had all of it nobody can ask: what it does not have it does not know.
        sandbox = self.sandbox("--limit", "0")
        primary, standby = self.servers()
        one, other = (self.job(sandbox, url=server.url(), name=name, lease="2s", timeout='"1s"')
                      for name, server in (("one", primary), ("other", standby)))
        one.write([customer(n) for n in range(1, 10)])
        self.assert_summary(one.run(), 0, created=9)
        standby.stop()
        one.write([customer(n) for n in range(1, 15)])
        self.assert_summary(one.run(), 0, unchanged=9, created=5)
        primary.stop("immediate")
        standby.start()
        standby.promote()
        self.assert_finds_what_was_lost(sandbox, other, 14, 5)

    def put_back(self, dump):
        self.server.sql(f'DROP DATABASE "{self.database}" WITH (FORCE)')
        self.server.sql(f'CREATE DATABASE "{self.database}"')
        self.sql(dump)

    def dump(self):
        return subprocess.run([postgres.BINARIES / "pg_dump", self.url()], capture_output=True, check=True).stdout.decode()

    def test_the_requests_that_a_database_has_lost_count_all_the_same(self):
        limit = 40
        sandbox = self.sandbox("--limit", str(limit))
        one, other, third = (self.job(sandbox, name=name, lease="2s", timeout='"1s"', requests_per_minute=limit)
                             for name in ("one", "other", "third"))
        one.write([customer(1)])
        self.assert_summary(one.run(), 0, created=1)
        dump = self.dump()
        one.write([customer(n) for n in range(1, 31)])
        self.assert_summary(one.run(), 0, unchanged=1, created=29)
        self.put_back(dump)
        # The first that comes finds it, and ends; the next one waits all the same.
        other.write([])
        other.call("run")
        third.write([customer(n) for n in range(1, 11)])
        done = third.run()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_each_once(sandbox, [customer(n) for n in range(1, 31)])
        self.assertLessEqual(sandbox.busiest_minute(), limit)

    def test_a_host_that_slept_while_a_backup_was_put_back_is_no_holder_of_it(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
        one, other = (self.job(sandbox, name=name, lease="6s", timeout='"1s"') for name in ("one", "other"))
        one.write([customer(1)])
        self.assert_summary(one.run(), 0, created=1)
        dump = self.dump()
        rows = [customer(n) for n in range(1, 60)]
        for job in (one, other):
            job.write(rows)
        asleep = one.start()
        self.addCleanup(asleep.kill)
        wait_until(lambda: sandbox.requests() > 20)
        asleep.send_signal(signal.SIGSTOP)
        self.put_back(dump)
        awake = other.start()
        self.addCleanup(awake.kill)
        before = sandbox.requests()
        wait_until(lambda: sandbox.requests() > before + 5)
        asleep.send_signal(signal.SIGCONT)
        told, _ = asleep.communicate(timeout=120)
        self.assertEqual((asleep.returncode, "taken over" in told or "taken it over" in told), (3, True), told[-500:])
        # It has given nothing back that was not its own.
        self.assertEqual(self.sql("SELECT count(*) FROM baseload_crm.lease WHERE application <> ''"), "1")
        _, said = awake.communicate(timeout=120)
        self.assertEqual(awake.returncode, 0, said)
        self.assert_each_once(sandbox, rows)

    def test_a_server_that_is_away_when_a_run_begins_is_waited_for(self):
        primary, standby = self.servers()
        primary.stop()
        sandbox = self.sandbox("--limit", "0")
        # Of both servers, and though the URL says itself which one is wanted.
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres?target_session_attrs=read-write"
        job = self.job(sandbox, url=both, lease="2s", timeout='"1s"')
        rows = [customer(n) for n in range(1, 10)]
        for come_back in (primary.start, standby.promote):
            rows += [customer(10 + len(rows))]
            job.write(rows)
            running = job.start()
            self.addCleanup(running.kill)
            self.assertIn("it is tried again", running.stderr.readline())
            come_back()
            _, said = running.communicate(timeout=120)
            self.assertEqual(running.returncode, 0, said)
            if come_back == primary.start:
                written = primary.sql("SELECT pg_current_wal_lsn()")
                wait_until(lambda: standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{written}'") == "t")  # noqa: B023
                primary.stop()
        self.assert_each_once(sandbox, rows)

    def test_a_standby_that_lags_behind_says_nothing_of_who_holds_the_journal(self):
        primary, standby = self.servers()
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox, url=f"postgresql://postgres@127.0.0.1:{standby.port},127.0.0.1:{primary.port}/postgres")
        job.write([customer(1)])
        self.assert_summary(job.run(), 0, created=1)
        caught_up = primary.sql("SELECT pg_current_wal_lsn()")
        wait_until(lambda: standby.sql(f"SELECT pg_last_wal_replay_lsn() >= '{caught_up}'") == "t")
        standby.sql("SELECT pg_wal_replay_pause()")
        self.addCleanup(standby.sql, "SELECT pg_wal_replay_resume()")
        job.write([customer(1), customer(2)])
        self.assert_summary(job.run(), 0, created=1, unchanged=1)
        # Ended, and closed.
        self.assertEqual(primary.sql("SELECT sessions % 2 FROM baseload_crm.self"), "0")
        (self.folder / "links.csv").write_text("key,crm_client_id\nK00001,2\n", encoding="utf-8")
        linked = job.call("link", "--from", str(self.folder / "links.csv"))
        self.assertEqual(linked.returncode, 2, linked.stderr)
        self.assertIn("is client 1 already", linked.stderr)

    def test_a_server_that_takes_no_more_connections_is_waited_for(self):
        self.server.sql("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0")
        self.addCleanup(self.server.sql, f'DROP DATABASE "{self.database}" WITH (FORCE); DROP ROLE crowd')
        self.sql(f'ALTER DATABASE "{self.database}" OWNER TO crowd')
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox, url=self.url(user="crowd"))
        rows = [customer(n) for n in range(1, 10)]
        job.write(rows)
        running = job.start()
        self.addCleanup(running.kill)
        self.assertRegex(running.stderr.readline(), "too many connections for role.*it is tried again")
        self.sql("ALTER ROLE crowd CONNECTION LIMIT -1")
        _, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 0, said)
        self.assert_each_once(sandbox, rows)
        # Rights that are missing on the account's tables are found before anything is sent.
        schema = self.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'baseload_account%'")
        self.sql(f"REVOKE UPDATE ON {schema}.slot FROM crowd")
        job.write([customer(n) for n in range(1, 12)])
        refused = job.run()
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("let the database's administrator run what baseload journal schema prints", refused.stderr)

    def test_a_run_that_lived_through_the_change_to_a_standby_has_seen_that_nothing_is_missing(self):
        primary, standby = self.servers()
        sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
        both = f"postgresql://postgres@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/postgres"
        job = self.job(sandbox, url=both, lease="20s")
        rows = [customer(n) for n in range(1, 300)]
        job.write(rows)
        running = job.start()
        self.addCleanup(running.kill)
        wait_until(lambda: sandbox.requests() > 30)
        # In good order: the standby has all of it.
        primary.stop("fast")
        standby.promote()
        out, said = running.communicate(timeout=120)
        self.assertEqual(running.returncode, 0, said)
        rows += [customer(400)]
        job.write(rows)
        sent = sandbox.requests()
        done = job.run()
        self.assert_summary(done, 0, unchanged=len(rows) - 1, created=1)
        self.assertEqual((done.stderr.count("may lack"), sandbox.requests()), (0, sent + 1), done.stderr)

    def test_a_journal_that_does_not_fit_together_is_found_out(self):
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox)
        rows = [customer(n) for n in range(1, 60)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=59)
        for row in rows[:5]:
            row["Uwagi"] = "inne"
        job.write(rows)
        self.assert_summary(job.run(), 0, updated=5, unchanged=54)
        checked = self.program(job, "check", job.file)
        self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)
        # Each in a database of its own; some as they can be in a file too.
        hash_of_nobody = "'\\x" + 32 * "0" + "'"
        intent = "INSERT INTO baseload_crm.intent (number, key, run, line, at, parameters, ahead) VALUES (1, '{}', {}, 2, 1, '[]', 0)"
        for damage, sentence in (
                ("DELETE FROM baseload_crm.client WHERE crm_client_id = 7", "leads to client 7, which has no row"),
                ("UPDATE baseload_crm.client SET key = 'X' WHERE crm_client_id = 8", '"X" is not in the directory'),
                ("UPDATE baseload_crm.client SET deleted_at = 1 WHERE crm_client_id = 9", "is deleted by the client's row"),
                ("UPDATE baseload_crm.client SET sent = '\\x0102' WHERE crm_client_id = 9", 'of client 9 of "K00009" cannot be read'),
                ("UPDATE baseload_crm.client SET created_run = 9", "run 9 has rows, and is not in the history"),
                ("DELETE FROM baseload_crm.run WHERE id = 2", "run 2 has rows, and is not in the history"),
                ("UPDATE baseload_crm.run SET rejected = -1 WHERE id = 2", "run 2 has a count below 0"),
                (intent.format("K00003", 1), '"K00003" has a create in doubt, and is client 3'),
                (intent.format("new", 7), "run 7 has rows, and is not in the history"),
                ("INSERT INTO baseload_crm.unsettled VALUES (1, 'X', 1, '')", '"X" has an update without an answer, and no client'),
                (f"INSERT INTO baseload_crm.absent VALUES ({hash_of_nobody}, 1)", "the table absent has a key that no client has"),
                (f"INSERT INTO baseload_crm.status_before VALUES ({hash_of_nobody}, 1)", "the table status_before has a key"),
                (f"INSERT INTO baseload_crm.backup VALUES (1, {hash_of_nobody}, 1, '')", "the table backup has a key"),
                ("DELETE FROM baseload_crm.account", "the journal is of 0 accounts instead of one"),
                ("ALTER TABLE baseload_crm.client DROP COLUMN sent", "there is no table client with a column sent"),
                ("DROP TABLE baseload_crm.key_log", "there is no table key_log with a column rows"),
                ("DROP TABLE baseload_crm.lease", "there is no table lease")):
            with self.subTest(damage):
                self.server.sql(f'CREATE DATABASE damaged TEMPLATE "{self.database}"')
                try:
                    self.server.sql(damage, database="damaged")
                    found = self.program(job, "check", self.server.url(database="damaged") + "#crm")
                finally:
                    self.server.sql("DROP DATABASE damaged WITH (FORCE)")
                self.assertEqual(found.returncode, 1, found.stderr)
                self.assertIn(sentence, found.stdout)
        in_file = self.folder / "copy.journal"
        self.assertEqual(self.program(job, "copy", job.file, in_file).returncode, 0)
        self.assertEqual(self.program(job, "check", in_file).returncode, 0)
        for damage, sentence in (("INSERT INTO absent VALUES (zeroblob(12), 1)", "the table absent has a key"),
                                 ("UPDATE absent SET key_hash = x''", "the table absent has a key"),
                                 ("DROP TABLE intent", "there is no table intent with a column key")):
            with sqlite3.connect(in_file) as database:
                database.execute(damage)
            found = self.program(job, "check", in_file)
            self.assertEqual(found.returncode, 1, found.stderr)
            self.assertIn(sentence, found.stdout)
        with in_file.open("r+b") as damaged:
            damaged.seek(4096)
            damaged.write(bytes(range(256)) * 64)
        found = self.program(job, "check", in_file)
        self.assertEqual(found.returncode, 2, found.stdout + found.stderr)


if __name__ == "__main__":
    main()
