"""The account's request limit and its blocks, over a real socket."""
import json
import signal

from harness import Job, ProcessTest, customer, main, wait_until


class Blocks(ProcessTest):
    def block_now(self, sandbox, job):
        """Starts an import that must run into the block, and waits until it has."""
        process = job.start()
        wait_until(lambda: sandbox.query("SELECT until FROM block"))
        return process, sandbox.query("SELECT until FROM block")[0][0]

    def test_a_block_pauses_everything_without_a_probe_and_then_all_goes_on(self):
        sandbox = self.sandbox("--limit", "10", "--block", "2s", "--block-zone", "UTC")
        job = Job(self.folder, sandbox.url, connections=4)
        rows = [customer(n) for n in range(16)]
        job.write(rows)
        process, _ = self.block_now(sandbox, job)
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("the account is blocked by the service (Query limit exceeded", err)
        self.assertGreater(json.loads(out)["paused_ms"], 2000)
        self.assert_each_once(sandbox, rows)
        # What was under way when the block fell is answered with it; nothing else before its end.
        blocked = sandbox.query("SELECT at FROM request WHERE result = 'blocked' ORDER BY at")
        self.assertLessEqual(len(blocked), 4)
        until = blocked[-1][0] + 2000
        self.assertEqual(sandbox.query("SELECT count(*) FROM request WHERE at > ? AND at < ?", blocked[-1][0], until)[0][0], 0)

    def test_a_kill_during_a_block_leaves_nothing_in_doubt_and_the_next_start_waits_too(self):
        sandbox = self.sandbox("--limit", "10", "--block", "3s", "--block-zone", "local")
        job = Job(self.folder, sandbox.url, connections=4)
        rows = [customer(n) for n in range(16)]
        job.write(rows)
        process, _ = self.block_now(sandbox, job)
        # Paused: what was answered with the block is no longer under way.
        wait_until(lambda: not [e for e in job.export() if e["state"] == "in doubt"])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        sent, until = sandbox.requests(), sandbox.query("SELECT until FROM block")[0][0]
        done = job.run()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("an earlier run was told of it", done.stderr)
        self.assertGreaterEqual(sandbox.query("SELECT at FROM request WHERE id = ?", sent + 1)[0][0], until)
        self.assert_each_once(sandbox, rows)


class SharedLimit(ProcessTest):
    def test_two_jobs_with_two_journals_on_one_account_share_its_limit(self):
        sandbox = self.sandbox("--limit", "20")
        first, second = [Job(self.folder, sandbox.url, name=name, requests_per_minute=20) for name in ("a", "b")]
        first.write([customer(n) for n in range(10)])
        self.assert_summary(first.run(), 0, created=10)
        # The first job's next run inherits its slots; beside it runs the second job.
        first.write([customer(n, **{"E-mail": f"nowy{n}@example.pl"}) for n in range(8)])
        second.write([customer(n) for n in range(100, 108)])
        processes = [first.start(), second.start("--first-run")]
        for process in processes:
            _, err = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, err)
        self.assertEqual(sandbox.query("SELECT count(*) FROM request WHERE result = 'blocked'")[0][0], 0)
        self.assertEqual(sandbox.busiest_minute(), 20)
        # One asked whether there are clients, one held the second job's first id against its client.
        self.assertEqual(sandbox.requests(), 28)
        self.assertEqual(len(sandbox.clients()), 18)


if __name__ == "__main__":
    main()
