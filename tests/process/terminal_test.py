"""What a person at a terminal sees: the question before the first run, progress, `baseload status`; and the logs."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from harness import EXECUTABLE, PATIENCE, Job, ProcessTest, customer, main, wait_until


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, job, *arguments, columns=100, **environment):
        self.text = ""
        self.pid, self.descriptor = pty.fork()
        if self.pid == 0:
            os.chdir(job.folder)
            os.execve(EXECUTABLE, job.command(*arguments), {**job.environment, "LC_ALL": "C.UTF-8", **environment})
        self.resize(columns)

    def resize(self, columns):
        fcntl.ioctl(self.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    def read(self):
        ready, _, _ = select.select([self.descriptor], [], [], 0.1)
        if not ready:
            return True
        try:
            piece = os.read(self.descriptor, 65536)
        except OSError:
            return False
        self.text += piece.decode(errors="replace")
        return bool(piece)

    def wait_for(self, text):
        end = time.monotonic() + PATIENCE
        while text not in self.text:
            if not self.read() or time.monotonic() > end:
                raise AssertionError(f"{text!r} did not come: {self.text[-2000:]!r}")

    def answer(self, text):
        os.write(self.descriptor, text.encode())

    def end(self):
        while self.read():
            pass
        os.close(self.descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Terminals(ProcessTest):
    def shop(self, rows=5, **options):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, **options)
        job.write([customer(n) for n in range(rows)])
        return sandbox, job

    def test_the_first_run_of_a_journal_is_asked_for_where_somebody_can_answer(self):
        sandbox, job = self.shop()
        for answer in ("\n", "n\n", "\x04"):
            with self.subTest(answer=answer):
                terminal = Terminal(job, "run")
                terminal.wait_for("[y/N]")
                terminal.answer(answer)
                self.assertEqual(terminal.end(), 2, terminal.text)
                self.assertIn("nothing was sent", terminal.text)
        self.assertIn('"K00000", line 2: login "K00000"', terminal.text)
        self.assertEqual(sandbox.clients(), [])
        terminal = Terminal(job, "run")
        terminal.wait_for("[y/N]")
        os.kill(terminal.pid, signal.SIGINT)
        self.assertEqual(terminal.end(), 3, terminal.text)
        self.assertEqual(sandbox.clients(), [])
        terminal = Terminal(job, "run")
        terminal.wait_for("[y/N]")
        terminal.answer("y\n")
        self.assertEqual(terminal.end(), 0, terminal.text)
        self.assertEqual(len(sandbox.clients()), 5)
        # The second is not: nor is a first one without a terminal, or with --yes.
        job.write([customer(n) for n in range(6)])
        terminal = Terminal(job, "run")
        self.assertEqual(terminal.end(), 0, terminal.text)
        self.assertNotIn("[y/N]", terminal.text)

    def test_several_jobs_ask_one_after_the_other_and_name_themselves(self):
        sandbox, job = self.shop()
        other = Job(self.folder, sandbox.url, name="other", account='name = "other"\n')
        other.write([customer(n, Kod=f"O{n}") for n in range(2)])
        terminal = Terminal(job, "run", str(other.file), "--parallel", "2", "--first-run", "--log-file", "log.txt")
        terminal.wait_for("[y/N]")
        terminal.answer("y\n")
        while terminal.text.count("[y/N]") < 2:
            terminal.read()
        allowed, unanswered = re.findall(r"(job|other)\.toml: This is the first run", terminal.text)
        os.kill(terminal.pid, signal.SIGINT)
        self.assertEqual(terminal.end(), 3, terminal.text)
        # The job that was allowed sends meanwhile, as far as it gets; the one that waits for its answer sends nothing.
        self.assertNotEqual(allowed, unanswered)
        keys = [fields["login"] for _, fields in sandbox.clients()]
        rows = {"job": [f"K{n:05}" for n in range(5)], "other": ["O0", "O1"]}[allowed]
        self.assertEqual(len(keys), len(set(keys)))
        self.assertLessEqual(set(keys), set(rows))
        # A question shows customers, and is no line of a log.
        self.assertNotIn("klient", (self.folder / "log.txt").read_text(encoding="utf-8"))

    def test_yes_does_not_ask_and_no_colour_is_kept(self):
        sandbox, job = self.shop()
        terminal = Terminal(job, "run", "--yes", NO_COLOR="1", LC_ALL="C")
        self.assertEqual(terminal.end(), 0, terminal.text)
        self.assertNotIn("[y/N]", terminal.text)
        self.assertNotIn("\x1b[3", terminal.text)
        self.assertEqual(len(sandbox.clients()), 5)

    def test_progress_and_status_tell_the_same_of_a_run_under_way(self):
        sandbox, job = self.shop(rows=30, requests_per_minute=10)
        self.assertIn("no run has ended yet", job.call("status").stdout)
        terminal = Terminal(job, "run", "--yes")
        terminal.wait_for("9 of 30 rows")
        # One request has asked whether the account has clients.
        terminal.wait_for("10 of 10 a minute")
        terminal.wait_for("done at about")
        terminal.wait_for("█")
        terminal.resize(36)
        terminal.text = ""
        wait_until(lambda: terminal.read() and terminal.text.count("\x1b[K") > 2)
        for line in terminal.text.split("\r\x1b[K")[2:]:
            self.assertLess(len(line), 36)
        said = job.json("status").said
        self.assertEqual(said["running"]["outcomes"]["created"], 9)
        self.assertEqual((said["running"]["limit"], said["running"]["phase"], said["last"]), (10, "sending", None))
        self.assertIn("9 of 30 rows", job.call("status").stdout)
        # Looking keeps nobody out.
        self.assertEqual(job.call("run").returncode, 75)
        nothing_yet = job.call("report")
        self.assertEqual(nothing_yet.returncode, 2)
        self.assertIn("job.toml has ended yet", nothing_yet.stderr)
        os.kill(terminal.pid, signal.SIGKILL)
        terminal.end()
        self.assertIn("did not end: it was killed", job.call("status").stdout)
        self.assertIsNone(job.json("status").said["running"])
        # Its creates are known; what nobody wrote down is not shown as 0.
        page = job.call("report").stdout
        self.assertRegex(page, r'data-outcome="created" data-count="9"')
        self.assertIn("What became of the ? rows", page)
        self.assertRegex(job.call("runs").stdout, r"\? +9 +\?.*did not end")
        # Who holds the journal need not be a run.
        undo = Terminal(job, "undo", "--run", "1")
        undo.wait_for("[y/N]")
        self.assertRegex(job.call("status").stdout,
                         rf"no run is under way; another command holds the journal:\n  process {undo.pid},.*\nrun 1, begun .*did not end")
        self.assertRegex(job.call("runs").stdout, "did not end")
        undo.answer("n\n")
        undo.end()
        sandbox.stop()

    def test_logs_as_json_and_in_a_file_name_nobody(self):
        _, job = self.shop()
        job.write([customer(1), customer(2, **{"E-mail": "jan.kowalski"}), customer(3, Kraj="Atlan\x1b[31mtyda")])
        done = job.call("run", "--log-format", "json", "--log-file", "log.json", "--rejects", "rejects.csv")
        lines = [json.loads(line) for line in done.stderr.splitlines()]
        self.assertTrue(all(set(line) == {"time", "level", "message"} for line in lines))
        self.assertTrue(any("is not an e-mail address" in line["message"] for line in lines))
        kept = (self.folder / "log.json").read_text(encoding="utf-8")
        self.assertEqual([json.loads(line) for line in kept.splitlines()], lines)
        for text in (done.stderr, kept):
            self.assertNotIn("jan.kowalski", text)
            self.assertNotIn("\x1b", text)
        debug = job.call("run", "--log-format", "json", "--log-level", "debug").stderr
        self.assertIn("jan.kowalski", debug)
        # A failure is told in the same way.
        job.source.unlink()
        failed = job.call("run", "--log-format", "json")
        self.assertEqual(failed.returncode, 2)
        self.assertIn("job.csv", json.loads(failed.stderr.splitlines()[-1])["message"])


main()
