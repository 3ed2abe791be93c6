"""What tests with a real PostgreSQL share: a server a class, a database a test."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import postgres  # noqa: E402
from harness import EXECUTABLE, Job, ProcessTest, wait_until  # noqa: E402


class DatabaseTest(ProcessTest):
    settings, rules = (), ()

    @classmethod
    def setUpClass(cls):
        cls.server = postgres.Cluster(cls.settings, cls.rules)
        cls.addClassCleanup(cls.server.remove)

    def setUp(self):
        super().setUp()
        self.database = f"test_{self.id().rsplit('.', 1)[1]}"[:60]
        self.server.sql(f'CREATE DATABASE "{self.database}"')

    def url(self, **options):
        return self.server.url(database=self.database, **options)

    def job(self, sandbox, url=None, name="job", lease="5s", journal="crm", **options):
        """Each name is a host: a folder of its own with a state of its own."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        # Who takes over waits for the timeout, and the settling time.
        job = Job(folder, sandbox.url, **{"timeout": '"2s"', **options})
        job.set("[key]", f'[journal]\nurl = "{url or self.url()}"\nname = "{journal}"\nlease = "{lease}"\n[key]')
        return job

    def assert_goes_on(self, job, rows):
        """A run that another has begun: what is in the journal, or found in the account, is unchanged."""
        known = sum(entry["state"] == "linked" for entry in job.export())
        done = job.run()
        self.assertEqual(done.returncode, 0, done.stderr)
        outcomes = done.summary["outcomes"]
        self.assertEqual(outcomes["unchanged"] + outcomes["created"], len(rows), done.stderr)
        self.assertGreaterEqual(outcomes["unchanged"], known)

    def sql(self, statement):
        return self.server.sql(statement, database=self.database)

    def wait_for_the_leases_end(self):
        wait_until(lambda: self.sql("SELECT bool_and(until < clock_timestamp()) FROM baseload_crm.lease") != "f")

    def program(self, job, action, *arguments):
        return subprocess.run([EXECUTABLE, "journal", action, *map(str, arguments)], env=job.environment, capture_output=True,
                              text=True, timeout=60, check=False)
