"""Measures child processes: wall time, CPU time, peak memory; and what several measurements of one thing come to.

A child's peak memory is at least this process's own (it counts from the fork on), which must stay small: it makes no
data and loads no library.
"""
import dataclasses
import os
import statistics
import subprocess
import tempfile
import time


class Failed(Exception):
    """A program did not do what is measured."""


@dataclasses.dataclass
class Measured:
    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: float  # MiB
    out: str  # standard output


def measure(command, folder=None, environment=None, expected=0):
    """Runs a command to its end. Raises Failed when it ends with another code than the expected one."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL,
                                   stdout=out, stderr=err)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        text = out.read().decode()
        if process.returncode != expected:
            raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text}{err.read().decode()}")
    return Measured(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, text)


def in_turn(pairs, warm_up, *measurements):
    """Calls the functions one after the other, `pairs` times after the warm-up; the results of each in a list."""
    found = [[] for _ in measurements]
    for turn in range(warm_up + pairs):
        for results, one in zip(found, measurements):
            result = one()
            if turn >= warm_up:
                results.append(result)
    return found


def median(values):
    return statistics.median(values)


def spread(values):
    """How far the middle half of the values reaches from their median, as a share of it. With less than four values
    all of them count."""
    middle = median(values)
    if len(values) < 2 or middle == 0:
        return 0.0
    low, high = min(values), max(values)
    if len(values) > 3:
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return max(high - middle, middle - low) / abs(middle)
