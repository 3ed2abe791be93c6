"""Compares two runs of the benchmark, as --json wrote them.

    compare.py BEFORE.json AFTER.json

Names what got better or worse by more than both spreads (and 2 %) explain. Between two machines only ratios and
counts mean something. Ends with 1 when anything got worse.
"""
import json
import pathlib
import sys

from figures import shown

MIN_CHANGE = 0.02


def read(path):
    run = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    return run, {(figure["work"], figure["name"]): figure for figure in run["figures"]}


def change(before, after):
    """As a share of what it was."""
    return (after["median"] - before["median"]) / abs(before["median"]) if before["median"] else 0.0


def verdict(before, after):
    by = change(before, after)
    if abs(by) <= max(MIN_CHANGE, before["spread"] + after["spread"]):
        return None
    return "better" if (by > 0) == (after["better"] == "more") else "worse"


def told(key, before, after):
    work, name = key
    return (f"  {work}: {name}: {shown(before['median'])} → {shown(after['median'], after['unit'])} "
            f"({change(before, after):+.0%}; spread {before['spread']:.0%}, {after['spread']:.0%})")


def main():
    (first, before), (second, after) = read(sys.argv[1]), read(sys.argv[2])
    for one in (first, second):
        print(f"{one['commit']}, {one['when']}, {one['machine']['cpu']}, {one['machine']['cores']} cores, load {one['load']}"
              + (", quick" if one["quick"] else ""))
    both = [key for key in before if key in after]
    found = {key: verdict(before[key], after[key]) for key in both}
    for word in ("worse", "better"):
        named = [key for key in both if found[key] == word]
        print(f"{word}: {len(named) or 'nothing'}")
        for key in named:
            print(told(key, before[key], after[key]))
    print(f"within the spread: {sum(1 for key in both if found[key] is None)}")
    for only, name in ((before.keys() - after.keys(), "first"), (after.keys() - before.keys(), "second")):
        if only:
            print(f"only in the {name}: " + "; ".join(f"{work}: {figure}" for work, figure in sorted(only)))
    return 1 if "worse" in found.values() else 0


if __name__ == "__main__":
    sys.exit(main())
