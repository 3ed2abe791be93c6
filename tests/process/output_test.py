"""What the importer writes and shows: private, whole, to devices as they are, and nothing that moves the cursor."""
import csv
import json
import os
import signal
import stat
import subprocess
import time

from harness import FakeService, Job, ProcessTest, customer, main, wait_until

EVIL = "\x1b[2J\u009b31m\u202eabc\u2028"


class Outputs(ProcessTest):
    def shop(self, rows, **options):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, **options)
        job.write(rows)
        return sandbox, job

    def test_what_holds_customers_is_its_owners_alone(self):
        _, job = self.shop([customer(1), customer(2, **{"E-mail": "zly"})])
        self.assertEqual(job.run("--rejects", "r.csv", "--summary", "s.json").returncode, 1)
        files = [p for p in self.folder.rglob("*") if p.is_file() and not p.name.startswith("sandbox")]
        private = {p.name for p in files if stat.S_IMODE(p.stat().st_mode) == 0o600}
        self.assertLessEqual({"r.csv", "s.json", "job.journal", "job.journal.lock"}, private)
        self.assertTrue(any(name.endswith(".state") for name in private), private)
        self.assertEqual([p.name for p in files if p.name.startswith(("r.csv.", "s.json."))], [])

    def test_a_device_is_written_to_and_not_replaced(self):
        _, job = self.shop([customer(1, **{"E-mail": "zly"})])
        null = os.stat("/dev/null")
        self.assertEqual(job.run("--rejects", "/dev/null").returncode, 1)
        self.assertEqual((os.stat("/dev/null").st_rdev, os.stat("/dev/null").st_ino), (null.st_rdev, null.st_ino))
        done = subprocess.run(job.command("run", "--rejects", "/dev/stdout", "--quiet"), env=job.environment, cwd=self.folder,
                              capture_output=True, text=True, check=False)
        self.assertIn("bad_email", done.stdout)
        target = self.folder / "real.csv"
        target.write_text("old")
        (self.folder / "link.csv").symlink_to(target)
        job.run("--rejects", "link.csv")
        self.assertTrue((self.folder / "link.csv").is_symlink())
        self.assertIn("bad_email", target.read_text(encoding="utf-8"))

    def test_nothing_that_others_wrote_moves_the_cursor(self):
        words = json.dumps({"status": "ERROR", "error_code": "ERROR_" + EVIL, "error_message": EVIL + "\nbaseload: all is well"})
        with FakeService(lambda headers, body: (200, words)) as service:
            job = Job(self.folder, service.url)
            job.write([customer(1, Kod="K" + EVIL), customer(2, **{"E-mail": EVIL})])
            seen = b""
            for arguments in (["preview"], ["check"], ["plan"], ["run", "--first-run"], ["run", "--json"], ["runs"],
                              ["check", "--json"]):
                done = subprocess.run(job.command(*arguments), env=job.environment, cwd=self.folder, capture_output=True,
                                      check=False)
                seen += done.stdout + done.stderr
        for bad in ("\x1b", "\u009b", "\u202e", "\u2028"):
            self.assertNotIn(bad.encode(), seen)
        self.assertNotIn(b"\nbaseload: all is well", seen)
        self.assertIn(rb"\x1b[2J", seen)

    def test_cells_that_a_spreadsheet_would_run_are_made_text_and_come_back(self):
        formula = '=HYPERLINK("http://x";"y")'
        sandbox, job = self.shop([customer(1, **{"E-mail": "zly", "Uwagi": formula, "Imię": "'=1", "Nazwisko": "+48 600"})])
        self.assertEqual(job.run("--rejects", "r.csv").returncode, 1)
        with (self.folder / "r.csv").open(encoding="utf-8", newline="") as file:
            row = next(csv.DictReader(file, delimiter=";"))
        self.assertEqual((row["Uwagi"], row["Imię"], row["Nazwisko"]), ("'" + formula, "''=1", "'+48 600"))
        corrected = (self.folder / "r.csv").read_text(encoding="utf-8").replace("zly", "dobry@example.pl")
        (self.folder / "corrected.csv").write_text(corrected, encoding="utf-8")
        self.assert_summary(job.run(str(self.folder / "corrected.csv")), 0, created=1)
        client = sandbox.clients()[0][1]
        self.assertEqual((client["notes"], client["invoice_fullname"]), (formula, "'=1 +48 600"))

    def test_with_standard_error_closed_no_message_lands_in_a_file(self):
        _, job = self.shop([customer(1), customer(2, **{"E-mail": "zly"})])
        command = " ".join(f"'{word}'" for word in job.command("run", "--summary", "s.json", "--rejects", "r.csv"))
        for closed in ("2>&-", "1>&- 2>&-", "0<&- 1>&- 2>&-"):
            subprocess.run(["bash", "-c", f"{command} {closed}"], env=job.environment, cwd=self.folder, check=False)
            json.loads((self.folder / "s.json").read_text(encoding="utf-8"))
            self.assertTrue((self.folder / "r.csv").read_text(encoding="utf-8-sig").startswith("Kod;"))


class Signals(ProcessTest):
    def test_one_signal_is_heard_while_input_is_awaited(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        for sent in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            process = subprocess.Popen(job.command("run", "-"), env=job.environment, cwd=self.folder, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            process.stdin.write(b"Kod;E-mail\n")
            process.stdin.flush()
            wait_until(lambda: job.journal.exists() and os.path.getsize(job.journal) > 0)
            time.sleep(0.2)
            process.send_signal(sent)
            wait_until(lambda: process.poll() is not None)
            said = process.stderr.read()
            self.assertEqual(process.returncode, 3, said)
            self.assertIn(b"asked for it; nothing was sent", said)
            process.stdin.close()
            process.stdout.close()
            process.stderr.close()
        self.assertEqual(sandbox.requests(), 0)


if __name__ == "__main__":
    main()
