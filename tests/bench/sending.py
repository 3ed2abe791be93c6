"""The works in which requests are sent: creates, updates, both, and a first run of many rows."""
import customers
from figures import Figure, ratio, speed
from measurement import Failed, in_turn, measure, median

CREATE = customers.form(customers.fields(4))
UPDATE = customers.form({"crm_client_id": 100_000, "phone": customers.fields(4, changed=True)["phone"]})


def wrk_line(work, rates):
    return Figure(work, "wrk", [rate.per_second for rate in rates], "requests/s", "more",
                  cpu=median([rate.measured.cpu for rate in rates]), peak=median([rate.measured.peak for rate in rates]))


def share_of_wrk(work, rows, ours, rates):
    return ratio(work, "share of wrk", [rows / m.wall for m in ours], [rate.per_second for rate in rates], "more", 0.4)


def created_afresh(stand, rows):
    """(measured, bytes of journal) of a first run."""
    job = stand.job("creates", stand.source(rows))
    return job.send(1, created=rows), job.journal_bytes()


def node_script(stand, rows):
    journal = stand.fresh("node.db")
    with stand.service():
        done = measure(["node", stand.peers / "send.mjs", stand.source(rows), stand.url, journal])
    if int(done.out) != rows:
        raise Failed("the Node script sent " + done.out)
    size = sum(file.stat().st_size for file in stand.folder.glob("node.db*"))
    for file in stand.folder.glob("node.db*"):
        file.unlink()
    return done, size


def creates(stand):
    rows = stand.sizes.sent
    work = f"{rows:,} creates"
    stand.source(rows)
    rates, node, ours = in_turn(stand.sizes.pairs, 1, lambda: stand.wrk(CREATE), lambda: node_script(stand, rows),
                                lambda: created_afresh(stand, rows))
    runs, scripts = [m for m, _ in ours], [m for m, _ in node]
    return [
        speed(work, "baseload", runs, rows, journal=ours[-1][1] / rows),
        wrk_line(work, rates),
        speed(work, "Node script", scripts, rows, journal=node[-1][1] / rows),
        share_of_wrk(work, rows, runs, rates),
        ratio(work, "times the Node script's rate", [m.wall for m in scripts], [m.wall for m in runs], "more", 3),
        Figure(work, "CPU of 10,000 rows", [m.cpu / rows * 10_000 for m in runs], "s", "less", 0.4),
        Figure(work, "peak memory", [m.peak for m in runs], "MiB", "less", 64),
        Figure(work, "journal, a row", [size / rows for _, size in ours], "B", "less", 220),
    ]


def first_run(stand):
    few, many = stand.sizes.sent, stand.sizes.many
    work = f"a first run of {many:,}"

    def many_created():
        job = stand.job("many", stand.source(many))
        return job, job.send(1, created=many)

    stand.source(many)
    short, long = in_turn(stand.sizes.many_pairs, 0, lambda: created_afresh(stand, few)[0], many_created)
    job, _ = long[-1]
    stand.known.setdefault((many, 1), job)
    runs = [measured for _, measured in long]
    return [
        speed(work, "baseload", runs, many, journal=job.journal_bytes() / many),
        ratio(work, f"rate, of that of {few:,}", [many / m.wall for m in runs], [few / m.wall for m in short], "more", 0.85),
        Figure(work, "peak memory", [m.peak for m in runs], "MiB", "less", 64),
    ]


def changed_again(known, source, rows, **outcomes):
    """Measures a run over a changed source, of a copy of the job that knows its rows."""
    job = known.copy("changed")
    job.read(source)
    return job.send(rows + 1, **outcomes)


def updates(stand):
    rows = stand.sizes.updated
    work = f"{rows:,} one-field updates"
    known, source = stand.job_that_knows(rows), stand.source(rows, change_every=1)
    rates, ours = in_turn(stand.sizes.pairs, 1, lambda: stand.wrk(UPDATE),
                          lambda: changed_again(known, source, rows, updated=rows))
    return [speed(work, "baseload", ours, rows), wrk_line(work, rates), share_of_wrk(work, rows, ours, rates)]


def every_second_new(stand):
    """The customers with even numbers are known, and changed; those between them are new."""
    rows = stand.sizes.updated
    work = f"{rows:,} rows, every second new"
    known, source = stand.job_that_knows(rows // 2, step=2), stand.source(rows, change_every=2)
    rates, ours = in_turn(stand.sizes.pairs, 1, lambda: mixed_rate(stand),
                          lambda: changed_again(known, source, rows, created=rows // 2, updated=rows // 2))
    return [speed(work, "baseload", ours, rows), wrk_line(work, rates), share_of_wrk(work, rows, ours, rates)]


def mixed_rate(stand):
    """Of requests whose size lies between a create's and an update's."""
    return stand.wrk(CREATE[:(len(CREATE) + len(UPDATE)) // 2])
