"""The campaign of several hosts: one job, its journal in a real PostgreSQL, and runs on some hosts that fail.

    hosts.py BASELOAD [--shards] [--hosts N] [--rows N] [--kills N] [--pauses N] [--seconds N] [--seed N]

Each host is a process with a folder and a state of its own, and with --shards most of its runs are of one shard, as many
as there are hosts: all of them at once. Runs are started again and again, killed, stopped (SIGSTOP)
for longer than the lease and continued while another has taken over; the database is restarted (immediately, as a crash
would), its sessions are ended, and the service loses requests and answers. The source changes between runs. In the end
everything is let finish: the account must hold one client a key, none missing, each as the source has it; no minute may
have had more requests than the limit; a rerun must send nothing, and the journal must fit together.

What happens is drawn from the seed; when it happens depends on the machine, and no verdict does.
"""
import argparse
import json
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "process"), str(HERE.parent / "support")]
import postgres  # noqa: E402
from harness import EXECUTABLE, PATIENCE, Job, Sandbox, customer, stored  # noqa: E402

FAULTS = "drop-before=0.02,drop-after=0.02,reset-after=0.01,stall=0.005,500=0.01,502-after=0.01,late=0.01"
LIMIT = 6000  # a minute
LEASE = 2.0  # seconds
OPTIONS = {"requests_per_minute": LIMIT, "connections": 8, "timeout": '"500ms"', "settling_time": '"1500ms"', "give_up_after": '"1h"',
           "stop_after_failures": 1_000_000}


class Host:
    def __init__(self, folder, url, database, number, hosts=None):
        self.number, self.hosts = number, hosts  # in shards: how many there are
        self.folder = folder / f"host-{number}"
        self.folder.mkdir()
        self.job = Job(self.folder, url, **OPTIONS)
        self.job.set("[key]", f'[journal]\nurl = "{database}"\nname = "campaign"\nlease = "2s"\n[key]')
        self.process, self.paused_until = None, None
        self.log = self.folder / "log"

    def shard(self, draw):
        """Mostly its own; sometimes of another number of shards, or the whole: whoever comes second is refused."""
        if self.hosts is None or draw < 0.05:
            return []
        of = self.hosts - 1 if draw < 0.1 else self.hosts
        return ["--shard", f"{self.number % of + 1}/{of}"]

    def start(self, draw):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.job.command("run", "--quiet", *self.shard(draw)), env=self.job.environment,
                                            stdout=log, stderr=log)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        self.process.send_signal(number)

    def end(self):
        if self.is_running():
            self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


class Source:
    """What each host finds: the same file, of a moment."""

    def __init__(self, rows, chance):
        self.versions, self.chance = dict.fromkeys(range(rows), 1), chance

    def row(self, number):
        return customer(number, Uwagi=f"wersja {self.versions[number]}")

    def change(self):
        for number in self.chance.sample(sorted(self.versions), max(1, len(self.versions) // 50)):
            self.versions[number] += 1

    def give_to(self, host):
        host.job.write([self.row(n) for n in self.versions])


def attack(arguments, server, hosts, sandbox, source, chance, done):
    end = time.monotonic() + arguments.seconds
    while (done["kills"] < arguments.kills or done["pauses"] < arguments.pauses) and time.monotonic() < end:
        if len(sandbox.query("SELECT id FROM client")) > len(source.versions) * 0.97 and chance.random() < 0.1:
            return
        for host in hosts:
            if host.paused_until is not None and time.monotonic() > host.paused_until:
                host.signal(signal.SIGCONT)
                host.paused_until = None
            if not host.is_running():
                # 75: another holds it. 2: the database was away at that moment.
                if host.process is not None and host.process.returncode not in (0, 1, 2, 3, 75, -9):
                    raise AssertionError(f"exit {host.process.returncode}\n{host.log.read_text(errors='replace')[-2000:]}")
                source.give_to(host)
                host.start(chance.random())
        time.sleep(chance.expovariate(1 / 0.3))
        victim = chance.choice(hosts)
        draw = chance.random()
        if draw < 0.8:
            if not victim.is_running() or victim.paused_until is not None:
                continue
            if draw < 0.5:
                victim.end()
                done["kills"] += 1
            else:
                victim.signal(signal.SIGSTOP)
                victim.paused_until = time.monotonic() + LEASE * chance.uniform(0.3, 2.5)
                done["pauses"] += 1
        elif draw < 0.86:
            server.restart("immediate")
            done["restarts"] += 1
        elif draw < 0.94:
            server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'baseload%'")
            done["ended sessions"] += 1
        else:
            source.change()
            done["new sources"] += 1


def verify(hosts, sandbox, source):
    for host in hosts:
        if host.is_running():
            host.end()
    for _ in range(60):
        source.give_to(hosts[0])
        last = hosts[0].job.run()
        if last.returncode == 0:
            break
        time.sleep(0.5)
    assert last.returncode == 0, last.stderr[-3000:] + last.stdout[-3000:]
    found = {}
    for _, client in sandbox.clients():
        assert client["login"] not in found, f"two clients of {client['login']}"
        found[client["login"]] = client
    for number in source.versions:
        row = source.row(number)
        assert found.pop(row["Kod"], None) == stored(row), f"{row['Kod']} is missing, or not as the source has it"
    assert not found, f"clients that no row has: {sorted(found)[:5]}"
    busiest = sandbox.busiest_minute()
    assert busiest <= LIMIT, f"{busiest} requests in a minute"
    before = sandbox.requests()
    rerun = hosts[-1].job
    source.give_to(hosts[-1])
    said = rerun.run()
    assert said.returncode == 0 and said.summary["outcomes"]["unchanged"] == len(source.versions), said.stdout
    assert sandbox.requests() == before, "the rerun sent something"
    check = subprocess.run([EXECUTABLE, "journal", "check", str(rerun.file)], env=rerun.environment, capture_output=True, text=True,
                           timeout=PATIENCE, check=False)
    assert check.returncode == 0, check.stdout
    for host in hosts:
        report = host.log.read_text(errors="replace") if host.log.exists() else ""
        assert "Sanitizer" not in report and "runtime error" not in report, report[-3000:]
    return busiest


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("baseload")
    parser.add_argument("--shards", action="store_true")
    parser.add_argument("--hosts", type=int, default=3)
    parser.add_argument("--rows", type=int, default=1500)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--pauses", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--seed", type=int, default=20260316)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    began = time.monotonic()
    end = began + arguments.seconds
    done = {"rounds": 0, "kills": 0, "pauses": 0, "restarts": 0, "ended sessions": 0, "new sources": 0, "requests": 0, "busiest minute": 0}
    with postgres.cluster() as server:
        while (done["kills"] < arguments.kills or done["pauses"] < arguments.pauses) and time.monotonic() < end:
            arguments.seconds = end - time.monotonic()
            server.sql("DROP DATABASE IF EXISTS campaign WITH (FORCE)")
            server.sql("CREATE DATABASE campaign")
            with tempfile.TemporaryDirectory(prefix="baseload-hosts-") as name:
                folder = pathlib.Path(name)
                sandbox = Sandbox(folder, "--limit", "0", "--late-by", "400ms", "--faults", FAULTS, "--latency", "20ms",
                                  "--seed", str(chance.randrange(2**31)))
                source = Source(arguments.rows, chance)
                hosts = [Host(folder, sandbox.url, server.url(database="campaign"), n, arguments.hosts if arguments.shards else None)
                         for n in range(arguments.hosts)]
                try:
                    attack(arguments, server, hosts, sandbox, source, chance, done)
                    done["busiest minute"] = max(done["busiest minute"], verify(hosts, sandbox, source))
                    done["rounds"] += 1
                    done["requests"] += sandbox.requests()
                finally:
                    for host in hosts:
                        if host.is_running():
                            host.end()
                    sandbox.stop()
            print(json.dumps({"seed": arguments.seed, **done, "limit": LIMIT, "seconds": round(time.monotonic() - began)}), flush=True)
    print("no duplicate, nothing lost, never above the limit; a rerun sent nothing")


main()
