"""The figures of a benchmark, what each is to reach, and the table of them."""
import dataclasses

from measurement import median, spread

# What each ratio is to reach: at least, or at most.
AT_LEAST, AT_MOST = "≥", "≤"


@dataclasses.dataclass
class Figure:
    """One line of the table: a program's speed, or a ratio of two programs in the same runs."""
    work: str
    name: str  # what is measured
    values: list  # one a pair
    unit: str = ""
    better: str = "less"  # or "more"
    reach: float | None = None
    cpu: float | None = None  # seconds, of the program
    peak: float | None = None  # MiB, likewise
    journal: float | None = None  # bytes a row, likewise

    @property
    def median(self):
        return median(self.values)

    @property
    def spread(self):
        return spread(self.values)

    @property
    def bound(self):
        return AT_LEAST if self.better == "more" else AT_MOST

    @property
    def reached(self):
        if self.reach is None:
            return None
        return self.median >= self.reach if self.better == "more" else self.median <= self.reach

    def to_json(self):
        return {**dataclasses.asdict(self), "median": self.median, "spread": self.spread, "reached": self.reached}


def speed(work, program, measured, rows=None, **more):
    """The line of a program: rows a second where rows are given, else seconds."""
    own = {"cpu": median([m.cpu for m in measured]), "peak": median([m.peak for m in measured]), **more}
    if rows is None:
        return Figure(work, program, [m.wall for m in measured], "s", "less", **own)
    return Figure(work, program, [rows / m.wall for m in measured], "rows/s", "more", **own)


def ratio(work, name, ours, theirs, better, reach=None):
    """The line of a ratio, pair by pair."""
    return Figure(work, name, [one / other for one, other in zip(ours, theirs)], "", better, reach)


def shown(value, unit=""):
    if value is None:
        return ""
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}{' ' + unit if unit else ''}"


HEAD = ("work", "measured", "median", "spread", "to reach", "reached", "CPU s", "peak MiB", "journal B/row")
LEFT = 2  # columns that are texts


def cells(figure, work):
    goal = "" if figure.reach is None else f"{figure.bound} {shown(figure.reach, figure.unit)}"
    verdict = {None: "", True: "yes", False: "NO"}[figure.reached]
    return (work, figure.name, shown(figure.median, figure.unit), f"±{figure.spread:.0%}" if len(figure.values) > 1 else "",
            goal, verdict, shown(figure.cpu), shown(figure.peak), shown(figure.journal))


def table(figures):
    """All of them as the lines of one table in Markdown; a work is named at its first line."""
    rows, last = [HEAD], None
    for figure in figures:
        rows.append(cells(figure, figure.work if figure.work != last else ""))
        last = figure.work
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) if i < LEFT else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 2) if i < LEFT else "-" * (width + 1) + ":" for i, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])
