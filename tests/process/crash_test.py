"""Kills the importer with SIGKILL at random moments of one import, then finishes it."""
import random
import signal

from harness import Job, ProcessTest, customer, main, stored, wait_until

KILLS = 25
ROWS = 3000


class Crashing(ProcessTest):
    def test_no_row_is_lost_or_doubled_however_often_the_importer_is_killed(self):
        chance = random.Random(20260301)
        sandbox = self.sandbox("--limit", "0", "--latency", "2ms")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(ROWS)]
        job.write(rows)
        for kill in range(KILLS):
            # A moment is so many requests from now: never a matter of the machine's speed.
            goal = sandbox.requests() + chance.randint(1, 100)
            process = job.start()
            wait_until(lambda: sandbox.requests() >= goal or process.poll() is not None)
            self.assertIsNone(process.poll(), f"the import ended before kill {kill}")
            process.send_signal(signal.SIGKILL)
            process.communicate()
        done = job.run()
        self.assertIn(done.returncode, (0, 1), done.stderr)
        self.assert_no_duplicates(sandbox)
        entries = job.export()
        held = {e["key"] for e in entries if e["state"] == "in doubt"}
        linked = {e["key"]: int(e["crm_client_id"]) for e in entries if e["state"] == "linked"}
        # Every row is accounted for, by the journal and by the service.
        self.assertEqual(held | set(linked), {row["Kod"] for row in rows})
        self.assertFalse(held & set(linked))
        self.assertLessEqual(len(held), KILLS * 8)
        self.assertEqual(done.summary["outcomes"]["in_doubt"], len(held))
        there = {number: client for number, client in sandbox.clients()}
        by_key = {row["Kod"]: stored(row) for row in rows}
        for key, number in linked.items():
            self.assertEqual(there[number], by_key[key])
        self.assertLessEqual({c["login"] for c in there.values()} - set(linked), held)
        before = sandbox.requests()
        self.assert_summary(job.run(), 1 if held else 0, unchanged=len(linked), **({"in_doubt": len(held)} if held else {}))
        self.assertEqual(sandbox.requests(), before)


if __name__ == "__main__":
    main()
