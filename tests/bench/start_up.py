"""What a start costs: CPU of `--version`, and of a run that has nothing to do."""
from figures import Figure
from measurement import in_turn, measure

ROWS = 100
REPEATS = 20


def start_up(stand):
    known = stand.job_that_knows(ROWS)
    version, run = in_turn(REPEATS, 2, lambda: measure([stand.baseload, "--version"]), lambda: known.run(unchanged=ROWS))
    return [
        Figure("start", "baseload --version, CPU", [m.cpu * 1000 for m in version], "ms", "less", 5),
        Figure("start", f"run of {ROWS} unchanged rows, CPU", [m.cpu * 1000 for m in run], "ms", "less", 15),
    ]
