"""Counts the instructions of three fixed works under callgrind. They hardly depend on the machine.

    instructions.py BUILD_FOLDER             fails when one takes a tenth more than recorded (instructions.json)
    instructions.py BUILD_FOLDER --record    records them

The record is of one build, preset dev: for another nothing is compared, and it ends with 77 (skipped).
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from figures import Figure

RECORD = pathlib.Path(__file__).resolve().parent / "instructions.json"
WORKS = ("map_a_row", "judge_an_answer", "plan_an_unchanged_row")
RECORDED_BUILD = "Debug -O1 -g1"
TIMES = 200
GROWTH = 1.1
SKIPPED = 77
# The C library and simdjson choose their code by the machine's CPU: here always the plainest that all of them have.
PLAIN_CPU = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM",
             "SIMDJSON_FORCE_IMPLEMENTATION": "westmere"}


def build_of(folder):
    """The build type and its flags, and what it is sanitized with."""
    cache = dict(re.findall(r"^(\w+):\w+=(.*)$", (folder / "CMakeCache.txt").read_text(), re.MULTILINE))
    kind = cache.get("CMAKE_BUILD_TYPE", "")
    flags = [kind, cache.get("CMAKE_CXX_FLAGS", ""), cache.get(f"CMAKE_CXX_FLAGS_{kind.upper()}", ""),
             cache.get("BASELOAD_SANITIZE", "")]
    return " ".join(flag for flag in flags if flag)


def collected(program, work, times):
    """Instructions inside the work's function."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        done = subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--collect-atstart=no",
                               f"--toggle-collect=baseload::bench::{work}(*", program, work, str(times)],
                              env={**os.environ, **PLAIN_CPU}, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{work}: {done.stderr}")
        return int(re.search(r"^(?:totals|summary): (\d+)", out.read_text(), re.MULTILINE)[1])


def count(folder):
    """Work → instructions each time, without what the first ones take to make what later ones use again."""
    program = folder / "tests/bench/baseload_instructions"
    return {work: round((collected(program, work, 2 * TIMES) - collected(program, work, TIMES)) / TIMES) for work in WORKS}


def figures_of(stand):
    """For the benchmark's table: of its own build, which has no record."""
    return [Figure("instructions", work.replace("_", " "), [counted], "")
            for work, counted in count(pathlib.Path(stand.baseload).parent).items()]


def main():
    folder = pathlib.Path(sys.argv[1])
    build = build_of(folder)
    if build != RECORDED_BUILD:
        print(f"skipped: the record is of a build {RECORDED_BUILD}, and this is one of {build}")
        return SKIPPED
    counted = count(folder)
    if "--record" in sys.argv[2:]:
        RECORD.write_text(json.dumps(counted, indent=1) + "\n", encoding="utf-8")
    recorded = json.loads(RECORD.read_text(encoding="utf-8"))
    grown = [work for work in WORKS if counted[work] > recorded[work] * GROWTH]
    for work in WORKS:
        print(f"{work:<24}{counted[work]:>10,} instructions, recorded: {recorded[work]:>10,}"
              f" ({counted[work] / recorded[work] - 1:+.1%}){'  GREW' if work in grown else ''}")
    if grown:
        print("say why with the change that records them anew: tests/bench/instructions.py BUILD_FOLDER --record")
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
