"""How much of the account's request limit is used over three minutes, and that it is never passed: as the sandbox
counts arrivals, behind a network whose latency varies."""
import re
import sqlite3
import sys

from figures import Figure
from measurement import Failed, measure
from service import running
from stand import HERE

LIMIT = 100
LATENCY_MS = 150
MINUTES = 3
MINUTE = 60_000  # milliseconds


def most_in_a_minute(arrivals):
    """In any 60 seconds, both ends included."""
    most = first = 0
    for last, at in enumerate(arrivals):
        while at - arrivals[first] > MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


def shares_used(arrivals):
    """Of each request, how soon the one came that could follow three minutes later at the earliest."""
    allowed = LIMIT * MINUTES
    if len(arrivals) <= allowed:
        raise Failed(f"only {len(arrivals)} requests arrived")
    return [MINUTES * MINUTE / (later - at) for at, later in zip(arrivals, arrivals[allowed:])]


def limit_used(stand):
    state = stand.fresh("sandbox.db")
    with running(stand.baseload, "sandbox", "--limit", LIMIT, "--state", state) as said, \
            running(sys.executable, "-B", HERE / "delay.py", re.search(r":(\d+)", said)[1], LATENCY_MS) as port:
        # More rows than the time allows: what is used is what the limit lets pass, not what the file holds.
        source = stand.source(LIMIT * (MINUTES + 2))
        job = stand.job("limited", source, url=f"http://127.0.0.1:{int(port)}/connector.php", limit=LIMIT)
        environment = {**job.environment, "BASELOAD_TOKEN": "sandbox-token"}
        measure(job.command("--max-runtime", f"{MINUTES * 60 + 20}s"), job.folder, environment, expected=3)
    with sqlite3.connect(state) as database:
        arrivals = [at for (at,) in database.execute("SELECT at FROM request ORDER BY at")]
    work = f"limit of {LIMIT} a minute, {LATENCY_MS} ms"
    return [
        Figure(work, f"share used in {MINUTES} minutes", shares_used(arrivals), "", "more", 0.99),
        Figure(work, "most in any minute", [most_in_a_minute(arrivals)], "", "less", LIMIT),
    ]
