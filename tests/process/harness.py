"""What the process tests share: the sandbox and the importer as processes of their own.

A test file is started with the path of the baseload executable as its first argument.
Verdicts are read from the sandbox's state file, never from the importer's own words alone.
"""
import csv
import http.server
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

EXECUTABLE = os.path.abspath(sys.argv[1])
TOKEN = "sandbox-token"
PATIENCE = float(os.environ.get("BASELOAD_PATIENCE", 120))  # seconds after which a process is taken for hung; nothing else waits on time

COLUMNS = ["Kod", "E-mail", "Imię", "Nazwisko", "Kraj", "Uwagi"]
FIELDS = """
login = "Kod"
email = "E-mail"
invoice_fullname = { template = "{Imię} {Nazwisko}" }
invoice_country_code = { column = "Kraj", map = { "Polska" = "PL", "Niemcy" = "DE" } }
notes = "Uwagi"
"""


def customer(number, **changes):
    """A row that the importer takes in, as a dictionary over COLUMNS."""
    row = {
        "Kod": f"K{number:05}",
        "E-mail": f"klient{number}@example.pl",
        "Imię": "Zażółć",
        "Nazwisko": f"Gęślą-Jaźń {number}",
        "Kraj": "Polska" if number % 2 else "Niemcy",
        "Uwagi": f'linia 1\nlinia "2"; numer {number}',
    }
    row.update(changes)
    return row


def stored(row):
    """The client that the service should hold for a row."""
    return {
        "login": row["Kod"],
        "email": row["E-mail"],
        "invoice_fullname": f"{row['Imię']} {row['Nazwisko']}",
        "invoice_country_code": {"Polska": "PL", "Niemcy": "DE"}[row["Kraj"]],
        "notes": row["Uwagi"],
    }


def preloaded(folder, library):
    """The environment that puts a library of ours before the importer's own.

    LD_PRELOAD is a list parted by spaces, so the library gets a name without any.
    """
    name = pathlib.Path(folder) / pathlib.Path(library).name
    if not name.exists():
        name.symlink_to(os.path.abspath(library))
    if " " in str(name):
        raise RuntimeError(f"{name} cannot be preloaded; set TMPDIR to a folder without a space in its name")
    first = os.environ.get("BASELOAD_PRELOAD_FIRST", "")  # a sanitizer's runtime
    return {"LD_PRELOAD": f"{first} {name}".strip(), "ASAN_OPTIONS": "verify_asan_link_order=0"}


class Sandbox:
    """A running `baseload sandbox`; options as on its command line. Faults are met by writes alone, unless told."""

    def __init__(self, folder, *options, port=0, faults_in="addCrmClient"):
        if "--faults" in options and faults_in:
            options += ("--faults-in", faults_in)
        self.state = pathlib.Path(folder) / "sandbox.db"
        self.process = subprocess.Popen(
            [EXECUTABLE, "sandbox", "--port", str(port), "--state", str(self.state), *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            raise RuntimeError("the sandbox did not start: " + self.process.stderr.read())

    @property
    def port(self):
        return int(self.url.split(":")[2].split("/")[0])

    def query(self, sql, *values):
        with sqlite3.connect(self.state, timeout=30) as database:
            return database.execute(sql, values).fetchall()

    def clients(self):
        """(id, fields) of every client, in the order of the ids."""
        return [(number, json.loads(fields)) for number, fields in self.query("SELECT id, fields FROM client ORDER BY id")]

    def requests(self):
        return self.query("SELECT count(*) FROM request")[0][0]

    def busiest_minute(self):
        """The most arrivals in any 60 seconds, both ends included."""
        arrivals = [at for (at,) in self.query("SELECT at FROM request ORDER BY at")]
        most = first = 0
        for last, at in enumerate(arrivals):
            while at - arrivals[first] > 60_000:
                first += 1
            most = max(most, last - first + 1)
        return most

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


class Job:
    """A job in a folder of its own, with its source, journal and state."""

    def __init__(self, folder, url, name="job", account="", fields=FIELDS, source="", **account_options):
        self.folder = pathlib.Path(folder)
        self.file = self.folder / f"{name}.toml"
        self.source = self.folder / f"{name}.csv"
        self.journal = self.folder / f"{name}.journal"
        options = {"requests_per_minute": 0, "timeout": '"10s"', "settling_time": '"100ms"', **account_options}
        lines = "".join(f"{key} = {value}\n" for key, value in options.items())
        self.file.write_text(
            f'[source]\npath = "{name}.csv"\n{source}\n[account]\nurl = "{url}"\n{lines}{account}\n'
            f'[key]\ncolumns = ["Kod"]\n[fields]\n{fields}', encoding="utf-8")
        self.environment = {**os.environ, "BASELOAD_TOKEN": TOKEN, "STATE_DIRECTORY": str(self.folder / "state")}

    def write(self, rows, columns=None):
        with self.source.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns or COLUMNS, delimiter=";", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def command(self, *arguments):
        return [EXECUTABLE, arguments[0], str(self.file), *arguments[1:]]

    def call(self, *arguments, **options):
        return subprocess.run(self.command(*arguments), env=self.environment, capture_output=True, text=True,
                              timeout=PATIENCE, check=False, cwd=self.folder, **options)

    def run(self, *arguments, **options):
        """`baseload run --json`: the finished process, with the summary in `.summary`."""
        done = self.call("run", "--json", *arguments, **options)
        done.summary = json.loads(done.stdout) if done.stdout.strip() else None
        return done

    def json(self, *arguments, **options):
        """Any other command with --json: the finished process, with what it printed in `.said`."""
        done = self.call(arguments[0], "--json", *arguments[1:], **options)
        done.said = json.loads(done.stdout) if done.stdout.strip() else None
        return done

    def set(self, old, new):
        """Changes the job's text."""
        text = self.file.read_text(encoding="utf-8")
        assert old in text, old
        self.file.write_text(text.replace(old, new), encoding="utf-8")

    def start_command(self, *arguments):
        return subprocess.Popen(self.command(*arguments), env=self.environment, cwd=self.folder,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def start(self, *arguments):
        return self.start_command("run", "--json", *arguments)

    def export(self):
        return list(csv.DictReader(self.call("export").stdout.splitlines()))


class FakeService:
    """An HTTP server of the test's own: `answer(headers, body)` gives (status, body) for each POST."""

    def __init__(self, answer):
        service = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # an answer in one piece

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.asked.append(body)
                status, text = answer(self.headers, body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/connector.php"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def wait_until(true):
    """Waits for a condition; only a hung program makes this fail."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError("waited in vain")
        time.sleep(0.01)


class ProcessTest(unittest.TestCase):
    """A test with a folder of its own; sandboxes end with it."""

    def setUp(self):
        self.folder_ = tempfile.TemporaryDirectory(prefix="baseload-test-")
        self.addCleanup(self.folder_.cleanup)
        self.folder = pathlib.Path(self.folder_.name)

    def sandbox(self, *options, **keywords):
        sandbox = Sandbox(self.folder, *options, **keywords)
        self.addCleanup(sandbox.stop)
        return sandbox

    def assert_summary(self, done, code, **outcomes):
        """The exit code and the outcomes that are not 0; the rest are, and they add up."""
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIsNotNone(done.summary, done.stderr)
        found = {name: count for name, count in done.summary["outcomes"].items() if count}
        self.assertEqual(found, outcomes, done.stderr)
        self.assertEqual(sum(done.summary["outcomes"].values()), done.summary["records"])

    def assert_each_once(self, sandbox, rows):
        """The service holds exactly these rows, each once, field by field."""
        self.assertEqual(sorted((c for _, c in sandbox.clients()), key=lambda c: c["login"]),
                         sorted((stored(r) for r in rows), key=lambda c: c["login"]))

    def assert_no_duplicates(self, sandbox):
        logins = [c["login"] for _, c in sandbox.clients()]
        self.assertEqual(len(logins), len(set(logins)), "duplicate clients")


def main():
    options = [a for a in sys.argv[2:] if not a.endswith(".so")]
    unittest.main(argv=[sys.argv[0], *options], verbosity=2)
