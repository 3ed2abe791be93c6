"""Several jobs in one run: each with its own account and limit, and one result."""
import json
import os
import resource
import signal
import subprocess
import time

from harness import EXECUTABLE, TOKEN, Job, ProcessTest, customer, main, wait_until


class Fleets(ProcessTest):
    def fleet(self, names, url, **options):
        jobs = []
        for name in names:
            job = Job(self.folder, url, name=name, account=f'name = "{name}"\n', **options)
            job.write([customer(n, Kod=f"{name}{n}") for n in range(3)])
            jobs.append(job)
        return jobs

    def call(self, *arguments, **options):
        environment = {**os.environ, "BASELOAD_TOKEN": TOKEN, "STATE_DIRECTORY": str(self.folder / "state")}
        return subprocess.Popen([EXECUTABLE, "run", *arguments], cwd=self.folder, env=environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def ended(self, *arguments):
        process = self.call(*arguments)
        process.out, process.err = process.communicate()
        return process

    def test_each_job_has_its_own_end_and_the_worst_is_the_run_s(self):
        sandbox = self.sandbox("--limit", "0")
        jobs = self.fleet("abcd", sandbox.url)
        jobs[1].write([customer(1, Kraj="?")])
        jobs[2].file.write_text("broken")
        done = self.ended("*.toml", "--first-run", "--json", "--summary", "all.json", "--report", "all.html",
                          "--metrics", "all.prom", "--rejects", "rejects-{job}.csv")
        self.assertEqual(done.returncode, 2, done.err)
        said = json.loads(done.out)
        self.assertEqual([(job["created"], job["exit_code"]) for job in said["jobs"]], [(3, 0), (0, 1), (0, 2), (3, 0)])
        self.assertEqual((said["exit_code"], said["format"]), (2, 1))
        self.assertEqual(json.loads((self.folder / "all.json").read_text()), said)
        self.assertEqual((self.folder / "all.html").read_text().count("<section"), 4)
        self.assertIn(f'baseload_run_exit_code{{baseload_job="{jobs[1].file}",account="b"}} 1', (self.folder / "all.prom").read_text())
        self.assertIn("not_in_map", (self.folder / "rejects-b.csv").read_text())
        self.assertIn("c.toml: ", done.err)
        # For cron: the jobs that need a person, and no other.
        jobs[2].file.write_text(jobs[0].file.read_text().replace('"a', '"c'))
        jobs[2].write([customer(n, Kod=f"c{n}") for n in range(3)])
        quiet = self.ended("a.toml", "b.toml", "c.toml", "d.toml", "--quiet", "--first-run")
        self.assertEqual(quiet.returncode, 1, quiet.err)
        self.assertEqual(len(quiet.out.splitlines()), 2, quiet.out)
        self.assertIn("b.toml", quiet.out)

    def test_no_job_s_output_is_another_s_file(self):
        sandbox = self.sandbox("--limit", "0")
        for folder in ("x", "y"):
            (self.folder / folder).mkdir()
            job = Job(self.folder / folder, sandbox.url, name="import", account=f'name = "{folder}"\n')
            job.write([customer(1, Kraj=folder)])
        done = self.ended("x/import.toml", "y/import.toml", "--rejects", "r-{job}.csv", "--first-run")
        self.assertEqual(done.returncode, 1, done.err)
        self.assertEqual(sorted(p.name for p in self.folder.glob("r-*")), ["r-x-import.csv", "r-y-import.csv"])
        self.fleet("ab", sandbox.url)
        source = (self.folder / "b.csv").read_text()
        for outputs in (("--rejects", "{job}.csv"), ("--summary", "b.csv"), ("--log-file", "b.csv"),
                        ("--log-file", "b.journal"), ("--metrics", "a.toml")):
            with self.subTest(outputs=outputs):
                refused = self.ended("a.toml", "b.toml", *outputs)
                self.assertEqual(refused.returncode, 2, refused.err)
                self.assertIn("overwrite", refused.err)
        self.assertEqual((self.folder / "b.csv").read_text(), source)
        (self.folder / "a.toml").write_text((self.folder / "a.toml").read_text().replace('"a.csv"', '"a*.csv"'))
        self.assertEqual(self.ended("a.toml", "--summary", "a.csv").returncode, 2)

    def test_what_several_jobs_cannot_share_is_refused(self):
        sandbox = self.sandbox("--limit", "0")
        self.fleet("ab", sandbox.url)
        self.assertIn("{job}", self.ended("a.toml", "b.toml", "--rejects", "r.csv").err)
        self.assertIn("several jobs, or one job", self.ended("a.toml", "b.toml", "a.csv").err)
        self.assertIn("no such job", self.ended("x*.toml").err)
        self.assertEqual(sandbox.clients(), [])
        # The same job twice is one.
        self.assertEqual(self.ended("a.toml", "./a.toml", "--quiet").returncode, 0)
        self.assertEqual(len(sandbox.clients()), 3)

    def test_forty_jobs_at_once_in_little_memory(self):
        sandbox = self.sandbox("--limit", "0")
        names = [f"j{n:02}" for n in range(40)]
        self.fleet(names, sandbox.url)
        done = self.ended("*.toml", "--parallel", "10", "--first-run", "--json")
        self.assertEqual(done.returncode, 0, done.err)
        self.assertEqual([job["created"] for job in json.loads(done.out)["jobs"]], [3] * 40)
        logins = [client["login"] for _, client in sandbox.clients()]
        self.assertEqual(len(set(logins)), 120)
        self.assertEqual(len(logins), 120)
        again = self.call("*.toml", "--parallel", "40", "--json")
        out, err = again.communicate()
        self.assertEqual(again.returncode, 0, err)
        self.assertEqual(sum(job["requests"] for job in json.loads(out)["jobs"]), 0)
        # In KiB, of the two runs.
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, 200 * 1024)

    def test_jobs_of_one_account_share_its_limit(self):
        sandbox = self.sandbox("--limit", "12", "--block", "30s")
        for name in "ab":
            job = Job(self.folder, sandbox.url, name=name, requests_per_minute=10)
            job.write([customer(n, Kod=f"{name}{n}") for n in range(8)])
        process = self.call("a.toml", "b.toml", "--parallel", "2", "--first-run", "--json")
        wait_until(lambda: sandbox.requests() >= 10)
        time.sleep(1)
        self.assertEqual(sandbox.requests(), 10)
        # One signal ends all of them in good order.
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3, err)
        jobs = json.loads(out)["jobs"]
        self.assertEqual(sum(job["created"] for job in jobs), len(sandbox.clients()))
        self.assertEqual([sum(job["outcomes"].values()) for job in jobs], [8, 8])
        self.assert_no_duplicates(sandbox)


main()
