"""The nightly rerun, over a file in which nothing has changed, a little has, or that is very long."""
from figures import Figure, ratio, speed
from measurement import Failed, in_turn, measure, median

CHANGED_ROWS = 1000


def duckdb(stand, source, database, rows_that_differ=0):
    done = measure(["node", stand.peers / "rerun.mjs", "compare", source, database])
    if int(done.out) != rows_that_differ:
        raise Failed(f"DuckDB found {done.out} rows that differ")
    return done


def stored_hashes(stand, source):
    database = stand.fresh("known.duckdb")
    measure(["node", stand.peers / "rerun.mjs", "store", source, database])
    return database


def unchanged(stand):
    rows = stand.sizes.many
    work = f"rerun of {rows:,}, unchanged"
    source, known = stand.source(rows), stand.job_that_knows(rows)
    database = stored_hashes(stand, source)
    theirs, ours = in_turn(stand.sizes.pairs, 1, lambda: duckdb(stand, source, database), lambda: known.run(unchanged=rows))
    return [
        speed(work, "baseload", ours),
        speed(work, "DuckDB, 2 threads", theirs),
        ratio(work, "wall, of DuckDB's", [m.wall for m in ours], [m.wall for m in theirs], "less", 0.55),
        ratio(work, "CPU, of DuckDB's", [m.cpu for m in ours], [m.cpu for m in theirs], "less", 0.45),
        Figure(work, "peak memory", [m.peak for m in ours], "MiB", "less", 96),
    ]


def sending_alone(stand, rows):
    """Seconds that a run spends on the updates of so many rows: a small job's, over that of one without updates."""
    known, source = stand.job_that_knows(rows), stand.source(rows, change_every=1)

    def changed():
        job = known.copy("few")
        job.read(source)
        return job.send(rows + 1, updated=rows)

    idle, busy = in_turn(stand.sizes.pairs, 1, lambda: known.run(unchanged=rows), changed)
    return max(0.0, median([m.wall for m in busy]) - median([m.wall for m in idle]))


def few_changed(stand):
    rows, few = stand.sizes.many, CHANGED_ROWS
    work = f"rerun of {rows:,}, {few:,} changed"
    source, known = stand.source(rows, change_every=rows // few), stand.job_that_knows(rows)
    sending = sending_alone(stand, few)

    def changed():
        job = known.copy("night")
        job.read(source)
        return job.send(rows + 1, unchanged=rows - few, updated=few)

    idle, busy = in_turn(stand.sizes.pairs, 1, lambda: known.run(unchanged=rows), changed)
    return [
        speed(work, "baseload", busy),
        Figure(work, "sending them alone", [sending], "s"),
        ratio(work, "wall without sending, of unchanged", [m.wall - sending for m in busy], [m.wall for m in idle], "less",
              1.15),
    ]


def very_long(stand):
    """A tenth of it stands for the shorter one."""
    few, many = stand.sizes.many, stand.sizes.many * 10
    work = f"rerun of {many:,}, unchanged"
    known = [stand.job_that_knows(rows) for rows in (few, many)]
    short, long = in_turn(max(3, stand.sizes.pairs // 2), 1, lambda: known[0].run(unchanged=few),
                          lambda: known[1].run(unchanged=many))
    per_row = [(one.peak - other.peak) * 1024 * 1024 / (many - few) for one, other in zip(long, short)]
    return [
        speed(work, "baseload", long),
        ratio(work, f"wall, of ten times that of {few:,}", [m.wall for m in long], [10 * m.wall for m in short], "less",
              1.15),
        Figure(work, "memory, a row above the base", per_row, "B", "less", 34),
    ]
