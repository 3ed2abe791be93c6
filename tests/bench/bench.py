"""The benchmark: see run.sh, which installs and builds what it needs.

    bench.py BUILD_FOLDER PEERS_FOLDER [--quick | --full] [--only WORK,…] [--pairs N] [--json FILE]
"""
import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import database
import instructions
import limit
import rerun
import sending
import stand
import start_up
import workbook
from figures import table
from measurement import Failed

# In this order, since a work may leave a journal to the next.
WORKS = {"creates": sending.creates, "first-run": sending.first_run, "updates": sending.updates,
         "every-second-new": sending.every_second_new, "rerun": rerun.unchanged, "few-changed": rerun.few_changed,
         "database": database.database, "workbook": workbook.workbook, "start": start_up.start_up, "instructions": instructions.figures_of,
         "ten-million": rerun.very_long, "limit": limit.limit_used}
ONLY_IN_FULL = ("ten-million", "limit")


def machine():
    model = re.search(r"^model name\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return {"cpu": model[1] if model else os.uname().machine, "cores": len(os.sched_getaffinity(0)),
            "memory_mib": int(memory[1]) // 1024, "kernel": os.uname().release}


def commit():
    """With a mark when files differ from it; nothing outside of a git tree."""
    def git(*arguments):
        return subprocess.run(["git", "-C", stand.HERE, *arguments], capture_output=True, text=True).stdout.strip()
    name = git("rev-parse", "HEAD")
    return name + ("+changes" if name and git("status", "--porcelain", "--untracked-files=no") else "") or None


def chosen(arguments):
    if arguments.only:
        names = arguments.only.split(",")
        if unknown := [name for name in names if name not in WORKS]:
            sys.exit(f"no work is called {', '.join(unknown)}; there are {', '.join(WORKS)}")
        return names
    return [name for name in WORKS if arguments.full or name not in ONLY_IN_FULL]


def read_arguments():
    line = argparse.ArgumentParser(prog="tests/bench/run.sh")
    line.add_argument("build")
    line.add_argument("peers")
    size = line.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="few rows and pairs: under three minutes")
    size.add_argument("--full", action="store_true", help="the limit over three minutes and ten million rows too")
    line.add_argument("--only", metavar="WORK,…", help="only these works: " + ", ".join(WORKS))
    line.add_argument("--pairs", type=int, help="how often each pair is measured, after a warm-up")
    line.add_argument("--json", metavar="FILE", help="write all measurements to this file too")
    return line.parse_args()


def sizes_for(arguments):
    sizes = stand.QUICK if arguments.quick else stand.FULL
    return sizes._replace(pairs=arguments.pairs, many_pairs=arguments.pairs) if arguments.pairs else sizes


def main():
    arguments = read_arguments()
    figures, failed = [], []
    about = {"commit": commit(), "machine": machine(), "quick": arguments.quick,
             "load": round(os.getloadavg()[0], 2),  # of the minute before: what others did
             "when": datetime.datetime.now().astimezone().isoformat(timespec="seconds")}
    # Not in /tmp: that may be memory, where a durable write costs nothing.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=arguments.build) as folder:
        here = stand.Stand(folder, arguments.build, arguments.peers, sizes_for(arguments))
        for name in chosen(arguments):
            begin = time.monotonic()
            try:
                figures += WORKS[name](here)
            except Failed as problem:
                failed.append(f"{name}: {problem}")
            print(f"{name}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    print(f"{about['machine']['cpu']}, {about['machine']['cores']} cores; load before: {about['load']}; commit "
          f"{about['commit']}; {stand.CONNECTIONS} connections; medians, and how far half of the pairs lie from them\n")
    print(table(figures))
    if arguments.json:
        text = json.dumps({**about, "figures": [figure.to_json() for figure in figures]}, ensure_ascii=False, indent=1)
        pathlib.Path(arguments.json).write_text(text + "\n", encoding="utf-8")
    if failed:
        sys.exit("could not be measured: " + "\n".join(failed))


if __name__ == "__main__":
    main()
