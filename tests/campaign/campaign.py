"""The campaign: imports under every fault at once, and the verdict from the sandbox's own state.

    campaign.py BASELOAD FAULTY_DISK.so [--rows N] [--kills N] [--seconds N] [--seed N]

An import of N rows, with the service at fault in every way that the sandbox knows (foreign ids,
stray and interim answers, short pages, late delivery among them), is killed at random moments
(SIGKILL, a power loss that drops what was not synced, a disk that is full), beside a second job on
the same account, while the source changes between runs, the service is restarted, staff edit new
clients, and journals are lost or put back from a backup: such a run must be refused. The service
stores texts in another form, which is drawn for each round; the second job has its key in a field
that cannot be searched. When hardly anything is left to send, everything is let finish; creates that
were held and named are settled as a person would. The account must hold one client a key, none
missing, each as the source has it, in the service's form; no minute may have had more requests than
the limit, and a rerun must send nothing. Then the next round begins, with a new account, until there
were so many kills or seconds, whatever comes first.

What happens is drawn from the seed; when it happens depends on the machine, and no verdict does.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "process"))
from harness import FIELDS, PATIENCE, Job, Sandbox, preloaded  # noqa: E402

from customers import COLUMNS, expected, key_shown, row  # noqa: E402
from stored_form import draw_changes, in_form  # noqa: E402

FAULTS = ("drop-before=0.01,drop-after=0.01,reset-before=0.01,reset-after=0.01,stall=0.003,late=0.003,drip=0.003,"
          "500=0.01,502-after=0.01,cut-off=0.01,empty=0.01,html=0.01,huge=0.003,garbage=0.01,block=0.001,"
          "interim=0.01,stray=0.01,foreign-id=0.01")
LIMIT = 6000  # a minute; blocks leave a tenth of it
CONNECTIONS = 8
JOB = {"requests_per_minute": LIMIT, "connections": CONNECTIONS, "timeout": '"500ms"', "settling_time": '"1500ms"', "give_up_after": '"1h"',
       "stop_after_failures": 1_000_000}
ZONES = ["Europe/Warsaw", "UTC", "local"]


class Account:
    """The sandbox, restarted now and then over one state."""

    def __init__(self, folder, chance):
        self.folder, self.chance, self.port = folder, chance, 0
        self.changes = draw_changes(chance)
        self.sandbox = None
        self.start(FAULTS)

    def start(self, faults):
        self.sandbox = Sandbox(self.folder, "--limit", str(LIMIT), "--block", "700ms", "--block-zone",
                               self.chance.choice(ZONES), "--late-by", "400ms", "--seed",
                               str(self.chance.randrange(2**31)), *(["--faults", faults] if faults else []),
                               "--page-size", self.chance.choice(["7", "50", "100"]), "--edits", "3%", "--changes", self.changes,
                               *self.chance.sample(["--ids-as-strings", "--empty-maps-as-arrays", "--newest-first"], 2),
                               port=self.port, faults_in=None)
        self.port = self.sandbox.port

    def restart(self, faults=FAULTS):
        # What is "late" must have been carried out, or the stand-in would lose it with its process.
        time.sleep(0.5)
        self.sandbox.stop()
        self.start(faults)


class Shop:
    """One job, its source as it is now, and the process that imports it."""

    def __init__(self, folder, account, name, first, rows, key_field, chance, disk):
        fields = FIELDS.replace("login =", f"{key_field} =") + 'phone = "Telefon"\n'
        self.job = Job(folder, account.sandbox.url, name=name, fields=fields, **JOB)
        self.key_field = key_field
        self.numbers = list(range(first, first + rows))
        self.versions = dict.fromkeys(self.numbers, 1)
        self.chance, self.disk, self.process = chance, disk, None
        self.log = folder / f"{name}.log"
        self.backup, self.known_then = {}, []  # the journal's files at an earlier time, and what it knew
        self.write()

    def write(self):
        self.chance.shuffle(self.numbers)
        part = self.job.source.with_suffix(".part")
        source, self.job.source = self.job.source, part
        self.job.write([row(n, self.versions[n]) for n in self.numbers], COLUMNS)
        self.job.source = source
        part.replace(source)

    def change(self):
        """A new export: some customers changed, and the order is another."""
        for number in self.chance.sample(self.numbers, len(self.numbers) // 50):
            self.versions[number] += 1
        self.write()

    def environment(self, fault):
        if not fault:
            return self.job.environment
        return {**self.job.environment, **preloaded(self.job.folder, self.disk), "BASELOAD_DISK_FAULT": fault}

    def start(self, fault=""):
        # Sanitizers' words go to the log; a report of theirs is a failure.
        with self.log.open("ab") as log:
            # Each job's customers are others than the other's.
            self.process = subprocess.Popen(self.job.command("run", "--first-run"), env=self.environment(fault),
                                            cwd=self.job.folder, stdout=log, stderr=log)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    def journal_files(self):
        return {ending: pathlib.Path(f"{self.job.journal}{ending}") for ending in ("", "-wal")}

    def take_journal(self):
        """What the journal is now, as a copy of its files. Precondition: no run is under way."""
        return {ending: file.read_bytes() for ending, file in self.journal_files().items() if file.exists()}

    def put_journal(self, kept):
        for ending, file in self.journal_files().items():
            file.unlink(missing_ok=True)
            if ending in kept:
                file.write_bytes(kept[ending])
        pathlib.Path(f"{self.job.journal}-shm").unlink(missing_ok=True)

    def back_up(self):
        self.backup, self.known_then = self.take_journal(), self.job.export()

    def try_wrong_journal(self):
        """A journal that is lost, or put back from a backup: nothing may be sent with it."""
        now, known = self.take_journal(), self.job.export()
        if not known:
            return 0
        # One that knows as much (a run was killed before it had sent anything) is not wrong.
        is_old = self.backup and self.known_then != known
        tried = 0
        for wrong in [{}] + ([self.backup] if is_old else []):
            self.put_journal(wrong)
            done = self.job.call("run", "--quiet")
            assert done.returncode == 2, (done.returncode, done.stderr)
            tried += 1
        self.put_journal(now)
        return tried

    def decide(self, account, doubts):
        """A person's word on what was named: the sandbox's state says what became of it."""
        known = {e["crm_client_id"] for e in self.job.export()}
        for doubt in doubts:
            if doubt["kind"] == "update":
                continue
            shown = in_form(account.changes, self.key_field, doubt["key"])
            there = [n for n, c in account.sandbox.clients() if key_shown(c) == shown and str(n) not in known]
            assert len(there) < 2, f"two clients of {doubt['key']}: {there}"
            word = ["--id", str(there[0])] if there else ["--create"]
            said = self.job.call("resolve", doubt["key"], *word)
            assert said.returncode == 0, said.stderr

    def finish(self, account):
        """Runs to the end, as often as that takes. Returns how many creates a person had to decide."""
        decided = 0
        for _ in range(30):
            done = self.job.run("--first-run")
            with self.log.open("a", encoding="utf-8") as log:
                log.write(done.stderr)
            if done.returncode == 0:
                return decided
            doubts = [d for d in (done.summary or {}).get("doubts", []) if d["kind"] == "create"]
            self.decide(account, doubts)
            decided += len(doubts)
        raise AssertionError(f"the job does not come to its end (exit {done.returncode})\n{self.log.read_text(errors='replace')[-3000:]}")


def draw_fault(chance):
    kind = chance.random()
    if kind < 0.15:
        return f"power-loss:{chance.randint(1, 150)}:{chance.randrange(2**31)}"
    if kind < 0.25:
        return f"full:{chance.randint(1, 150)}"
    return ""


def wait_for_the_moment(account, victim, chance):
    """So many requests from now, or some time when none are sent. A few runs are left alone for
    longer than the settling time, so that doubts are settled too."""
    if chance.random() < 0.06:
        goal, pause = 10**9, 3
    else:
        goal, pause = account.sandbox.requests() + chance.randint(1, 25), chance.expovariate(1 / 0.7)
    deadline = time.monotonic() + min(pause, 4)
    while time.monotonic() < deadline and victim.is_running() and account.sandbox.requests() < goal:
        time.sleep(0.003)


def attack(arguments, account, shops, chance, done, end):
    """Kills until it is enough, or little is left to do. Counts in `done` what was done."""
    rows = sum(len(shop.numbers) for shop in shops)
    while done["kills"] + done["power losses"] < arguments.kills and time.monotonic() < end:
        if len(account.sandbox.query("SELECT id FROM client")) > rows * 0.97:
            break
        faults = {}
        for shop in shops:
            if not shop.is_running():
                faults[shop] = draw_fault(chance)
                shop.start(faults[shop])
        victim = chance.choice(shops)
        wait_for_the_moment(account, victim, chance)
        ends = {0, 1, 2, 3}
        if chance.random() < 0.02 and victim.is_running():
            second = victim.job.call("run", "--quiet")
            # Whichever came second, unless the first had ended by then.
            assert 75 in (second.returncode, victim.process.poll()) or not victim.is_running(), (second.returncode, second.stderr)
            done["second runs"] += 1
            ends.add(75)
        if victim.is_running():
            victim.kill()
            done["kills"] += 1
        elif victim.process.returncode == 137:
            done["power losses"] += 1
        elif faults.get(victim, "").startswith("full"):
            done["full disks"] += 1
        elif victim.process.returncode not in ends:
            raise AssertionError(f"exit {victim.process.returncode}\n{victim.log.read_text(errors='replace')[-3000:]}")
        if chance.random() < 0.05 and not victim.is_running():
            done["wrong journals"] += victim.try_wrong_journal()
            victim.back_up()
        if chance.random() < 0.03 and not victim.is_running():
            victim.change()
            done["new sources"] += 1
        if chance.random() < 0.01:
            account.restart()
            done["restarts"] += 1


def verify(account, shops):
    """The verdict: what the account holds. Raises AssertionError."""
    for shop in shops:
        if shop.is_running():
            shop.kill()
    account.restart(faults="")
    decided = sum(shop.finish(account) for shop in shops)
    found = {}
    edited = {}
    for number, client in account.sandbox.clients():
        key = key_shown(client)
        assert key not in found, f"two clients of {key}"
        found[key] = {name: text for name, text in client.items() if text}
        edited[key] = client.get("email") == in_form(account.changes, "email", f"staff-{number}@example.pl")
    sent = [(shop, row(n, shop.versions[n])) for shop in shops for n in shop.numbers]
    wanted = {key_shown(c): c for c in (expected(r, shop.key_field, account.changes) for shop, r in sent)}
    assert found.keys() == wanted.keys(), f"missing: {sorted(wanted.keys() - found.keys())[:10]}"
    for key, client in wanted.items():
        if edited[key]:  # what staff wrote stays
            client["email"] = found[key]["email"]
        assert found[key] == client, f"{key}: {found[key]}, and the source has {client}"
    busiest = account.sandbox.busiest_minute()
    assert busiest <= LIMIT, f"{busiest} requests in a minute"
    # Of a block hears what was under way, and nobody probes it.
    during, blocks = [account.sandbox.query("SELECT count(*) FROM request WHERE result = ?", result)[0][0]
                      for result in ("blocked", "blocked by others")]
    assert during <= blocks * 2 * CONNECTIONS, f"{during} requests during {blocks} blocks"
    before = account.sandbox.requests()
    for shop in shops:
        rerun = shop.job.run()
        assert rerun.returncode == 0 and rerun.summary["outcomes"]["unchanged"] == len(shop.numbers), rerun.stdout
        report = shop.log.read_text(errors="replace")
        assert "Sanitizer" not in report and "runtime error" not in report, report[-3000:]
    assert account.sandbox.requests() == before, "the rerun sent something"
    return {"clients": len(found), "requests": before, "blocks": blocks, "busiest minute": busiest,
            "decided by hand": decided, "edited by staff": sum(edited.values())}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("baseload")
    parser.add_argument("disk")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=7200)
    parser.add_argument("--seed", type=int, default=20260301)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    began = time.monotonic()
    end = began + arguments.seconds
    done = {"kills": 0, "power losses": 0, "full disks": 0, "second runs": 0, "restarts": 0, "new sources": 0, "wrong journals": 0}
    total = {"rounds": 0, "clients": 0, "requests": 0, "blocks": 0, "busiest minute": 0, "decided by hand": 0,
             "edited by staff": 0}
    while done["kills"] + done["power losses"] < arguments.kills and time.monotonic() < end:
        with tempfile.TemporaryDirectory(prefix="baseload-campaign-") as name:
            folder = pathlib.Path(name)
            account = Account(folder, chance)
            try:
                disk = os.path.abspath(arguments.disk)
                shops = [Shop(folder, account, "large", 0, arguments.rows, "login", chance, disk),
                         Shop(folder, account, "small", 500_000, max(10, arguments.rows // 10), "invoice_address", chance, disk)]
                attack(arguments, account, shops, chance, done, end)
                result = verify(account, shops)
            except AssertionError:
                kept = tempfile.mkdtemp(prefix="baseload-campaign-failed-")
                shutil.copytree(folder, kept, dirs_exist_ok=True)
                print(f"kept in {kept}, after {done}, with the changes {account.changes}", file=sys.stderr)
                raise
            finally:
                account.sandbox.stop()
        total["rounds"] += 1
        for name in ("clients", "requests", "blocks", "decided by hand", "edited by staff"):
            total[name] += result[name]
        total["busiest minute"] = max(total["busiest minute"], result["busiest minute"])
        print(json.dumps({"seed": arguments.seed, "changes": account.changes, **done, **total, "limit": LIMIT,
                          "seconds": round(time.monotonic() - began)}), flush=True)
    print("no duplicate, nothing lost, never above the limit; a rerun sent nothing")


main()
