"""The stand that programs are measured on: a folder with source files and jobs, a port for the service, and how many of
everything. Each job has a journal and an account state of its own."""
import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import customers
from measurement import Failed, measure
from service import free_port, running

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 64
JOB = """[source]
path = "{source}"
[account]
url = "{url}"
requests_per_minute = {limit}
connections = {connections}
[key]
columns = ["Kod"]
[fields]
"""

Sizes = collections.namedtuple("Sizes", "sent many updated sheet pairs many_pairs wrk_seconds")
FULL = Sizes(sent=100_000, many=1_000_000, updated=200_000, sheet=100_000, pairs=5, many_pairs=5, wrk_seconds=3)
QUICK = Sizes(sent=10_000, many=50_000, updated=10_000, sheet=10_000, pairs=2, many_pairs=1, wrk_seconds=1)


def rule_of(text):
    quoted = json.dumps(text, ensure_ascii=False)
    return f"{{ template = {quoted} }}" if "{" in text else quoted


class Job:
    """A job over a source, in a folder of its own."""

    def __init__(self, stand, folder, source, url, limit=0):
        self.stand, self.folder = stand, folder
        folder.mkdir()
        fields = "".join(f"{name} = {rule_of(text)}\n" for name, text in customers.FIELDS.items())
        self.text = JOB.replace("{source}", "{}") + fields.replace("{", "{{").replace("}", "}}")
        self.head = {"url": url, "limit": limit, "connections": CONNECTIONS}
        self.read(source)

    def read(self, source):
        """From now on the job reads this source."""
        (self.folder / "job.toml").write_text(self.text.format(source, **self.head), encoding="utf-8")

    def command(self, *arguments):
        return [self.stand.baseload, "run", "job.toml", "--json", *arguments]

    @property
    def environment(self):
        return {"BASELOAD_TOKEN": "bench", "STATE_DIRECTORY": str(self.folder / "state")}

    def run(self, **outcomes):
        """Measures a run. Raises Failed unless it ends with these outcomes and no other."""
        measured = measure(self.command(), self.folder, self.environment)
        found = {name: count for name, count in json.loads(measured.out)["outcomes"].items() if count > 0}
        if found != outcomes:
            raise Failed(f"expected {outcomes}, got {measured.out}")
        return measured

    def send(self, first_id, **outcomes):
        """Measures a run that talks to the service, whose next new client gets this id."""
        with self.stand.service(first_id):
            return self.run(**outcomes)

    def journal_bytes(self):
        return sum(file.stat().st_size for file in self.folder.glob("job.journal*"))

    def copy(self, name):
        """Another job that is as this one is now."""
        other = object.__new__(Job)
        other.__dict__.update(self.__dict__, folder=self.stand.fresh(name))
        shutil.copytree(self.folder, other.folder)
        os.sync()  # so that its bytes are not written while it is measured
        return other


class Stand:
    def __init__(self, folder, build, peers, sizes):
        self.folder, self.peers, self.sizes = pathlib.Path(folder), pathlib.Path(peers), sizes
        self.baseload = str(pathlib.Path(build).resolve() / "baseload")
        self.service_program = str(pathlib.Path(build).resolve() / "tests/bench/baseload_bench_service")
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}/connector.php"
        self.known = {}

    def fresh(self, name):
        """The path of this name, at which nothing is."""
        path = self.folder / name
        shutil.rmtree(path, ignore_errors=True)
        path.unlink(missing_ok=True)
        return path

    def service(self, first_id=1):
        return running(self.service_program, self.port, first_id)

    def source(self, rows, step=1, change_every=0):
        """A file of so many customers (customers.py says what step and change_every are)."""
        path = self.folder / f"clients-{rows}-{step}-{change_every}.csv"
        if not path.exists():
            subprocess.run([sys.executable, "-B", HERE / "customers.py", path, str(rows), "--step", str(step),
                            "--change-every", str(change_every)], check=True)
            os.sync()
        return path

    def job(self, name, source, **options):
        return Job(self, self.fresh(name), source, options.pop("url", self.url), **options)

    def job_that_knows(self, rows, step=1):
        """A job whose customers are all in the account. Copy it before it sends."""
        if (rows, step) not in self.known:
            job = self.job(f"known-{rows}-{step}", self.source(rows, step))
            job.send(1, created=rows)
            self.known[rows, step] = job
        return self.known[rows, step]

    def wrk(self, form):
        """Requests a second of wrk over as many connections, each with this form."""
        script = self.folder / "post.lua"
        script.write_text(f'wrk.method = "POST"\nwrk.body = "{form}"\n'
                          'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n')
        with self.service():
            done = measure(["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{self.sizes.wrk_seconds}s", "-s", str(script), self.url])
        if "Non-2xx" in done.out or "Socket errors" in done.out:
            raise Failed(done.out)
        requests = int(re.search(r"(\d+) requests in", done.out)[1])
        return Rate(float(re.search(r"Requests/sec:\s*([\d.]+)", done.out)[1]), requests, done)


class Rate:
    """What wrk measured: its requests a second, and its own cost."""

    def __init__(self, per_second, requests, measured):
        self.per_second, self.requests, self.measured = per_second, requests, measured
