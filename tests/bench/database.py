"""A journal in PostgreSQL beside one in a file: a server of its own on this machine, with its usual settings."""
import contextlib
import sys

import stand as stands
from figures import ratio, speed
from measurement import in_turn, measure
from rerun import CHANGED_ROWS

sys.path.insert(0, str(stands.HERE.parent / "support"))
import postgres  # noqa: E402

JOURNAL = '[journal]\nurl = "{url}"\nname = "bench"\n[key]'


class Journals:
    """Databases, and jobs whose journals lie in them."""

    def __init__(self, stand, server):
        self.stand, self.server = stand, server

    def make(self, database, template="template0"):
        self.server.sql(f'DROP DATABASE IF EXISTS {database} WITH (FORCE); CREATE DATABASE {database} TEMPLATE {template}; CHECKPOINT')
        return self.server.url(database=database)

    def point(self, job, url):
        job.text = job.text.replace("[key]", JOURNAL.format(url=url), 1)

    def empty(self, source):
        job = self.stand.job("database", source)
        self.point(job, self.make("empty"))
        job.read(source)
        return job

    def known(self, rows):
        """What a file's journal knows, copied."""
        job = self.stand.job_that_knows(rows).copy("known-database")
        url = self.make("known")
        measure([self.stand.baseload, "journal", "copy", str(job.folder / "job.journal"), f"{url}#bench"], job.folder,
                job.environment)
        self.point(job, url)
        job.read(self.stand.source(rows))
        return job

    def night(self, known, source):
        """The same, as it is before each night that is measured."""
        job = known.copy("night-database")
        job.text = job.text.replace("/known", "/night", 1)
        self.make("night", "known")
        # A copy that lacks nothing: what a run does with one that may is not what is measured.
        self.server.sql("UPDATE baseload_bench.self SET place = ''", database="night")
        job.read(source)
        return job


@contextlib.contextmanager
def journals(stand):
    # Beside the bench's own folder, which nobody but its owner may enter.
    with postgres.cluster(parent=stand.folder.parent) as server:
        yield Journals(stand, server)


def created(job, rows):
    return job.send(1, created=rows)


def database(stand):
    rows, many, few = stand.sizes.sent, stand.sizes.many, CHANGED_ROWS
    first, again, night = (f"PostgreSQL: {work}" for work in (f"{rows:,} creates", f"rerun of {many:,}, unchanged",
                                                               f"rerun of {many:,}, {few:,} changed"))
    source, changed = stand.source(rows), stand.source(many, change_every=many // few)
    in_file = stand.job_that_knows(many)
    with journals(stand) as made:
        theirs, ours = in_turn(stand.sizes.pairs, 1, lambda: created(stand.job("file", source), rows),
                               lambda: created(made.empty(source), rows))
        in_database = made.known(many)
        file_again, database_again = in_turn(stand.sizes.pairs, 1, lambda: in_file.run(unchanged=many),
                                             lambda: in_database.run(unchanged=many))

        def file_night():
            job = in_file.copy("night")
            job.read(changed)
            return job.send(many + 1, unchanged=many - few, updated=few)

        file_nights, database_nights = in_turn(
            stand.sizes.pairs, 1, file_night,
            lambda: made.night(in_database, changed).send(many + 1, unchanged=many - few, updated=few))
    return [
        speed(first, "in a file", theirs, rows),
        speed(first, "in a database", ours, rows),
        ratio(first, "rate, of a file's", [m.wall for m in theirs], [m.wall for m in ours], "more", 0.5),
        speed(again, "in a file", file_again),
        speed(again, "in a database", database_again),
        ratio(again, "wall, of a file's", [m.wall for m in database_again], [m.wall for m in file_again], "less", 1.5),
        speed(night, "in a file", file_nights),
        speed(night, "in a database", database_nights),
        ratio(night, "wall, of a file's", [m.wall for m in database_nights], [m.wall for m in file_nights], "less", 1.5),
    ]
