"""What goes wrong around the program: clocks, sleep, the name service.

    world_test.py BASELOAD FAULTY_WORLD.so
"""
import json
import os
import sys
import time

from harness import FakeService, Job, ProcessTest, customer, main, preloaded, wait_until

WORLD = os.path.abspath(sys.argv[2])


class World(ProcessTest):
    def job(self, url, **options):
        job = Job(self.folder, url, **options)
        job.environment.update(preloaded(self.folder, WORLD), BASELOAD_WORLD=str(self.folder / "world"))
        self.set_world()
        return job

    def set_world(self, realtime=0, boottime=0, dns=1):
        part = self.folder / "world.part"
        part.write_text(f"{realtime} {boottime} {dns}\n")
        part.replace(self.folder / "world")

    def test_a_clock_set_back_an_hour_neither_lengthens_a_wait_nor_passes_the_limit(self):
        sandbox = self.sandbox("--limit", "10")
        job = self.job(sandbox.url, requests_per_minute=10)
        rows = [customer(n) for n in range(15)]
        job.write(rows)
        process = job.start()
        wait_until(lambda: sandbox.requests() == 10)
        self.set_world(realtime=-3600)
        began = time.monotonic()
        process.communicate()
        self.assertEqual(process.returncode, 0)
        self.assertLess(time.monotonic() - began, 600)
        self.assert_each_once(sandbox, rows)
        self.assertEqual(sandbox.busiest_minute(), 10)
        self.assertEqual(sandbox.query("SELECT count(*) FROM request WHERE result = 'blocked'")[0][0], 0)
        # And the next run, whose clock says that the last one is yet to come.
        job.write([customer(n, Uwagi="nowe") for n in range(2)])
        self.set_world(realtime=-7200)
        self.assert_summary(job.run(), 0, updated=2)
        self.assertEqual(sandbox.busiest_minute(), 10)

    def test_a_block_is_waited_out_though_the_two_clocks_are_hours_apart(self):
        sandbox = self.sandbox("--limit", "0", "--block", "1s", "--faults", "block=0.1", "--seed", "3")
        job = self.job(sandbox.url, connections=2)
        self.set_world(realtime=3 * 3600 + 1234)
        rows = [customer(n) for n in range(20)]
        job.write(rows)
        done = job.run()
        self.assert_summary(done, 0, created=20)
        self.assertGreater(done.summary["paused_ms"], 1000)
        self.assertLess(done.summary["paused_ms"], 10 * 60_000)
        self.assert_each_once(sandbox, rows)

    def test_an_hour_of_sleep_frees_the_slots_and_takes_no_create_for_lost(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "300ms")
        job = self.job(sandbox.url, requests_per_minute=10, connections=4)
        rows = [customer(n) for n in range(25)]
        job.write(rows)
        process = job.start()
        for slept in range(1, 4):
            wait_until(lambda: sandbox.requests() >= min(10 * slept, 26) or process.poll() is not None)
            self.set_world(boottime=3600 * slept, realtime=3600 * slept)
        out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(json.loads(out)["outcomes"]["created"], 25)
        self.assert_each_once(sandbox, rows)

    def test_a_name_service_that_is_gone_for_a_while_is_waited_for(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "20ms", "--faults", "drop-after=0.1", "--seed", "2")
        job = self.job(sandbox.url.replace("127.0.0.1", "localhost"), connections=2, stop_after_failures=1000)
        rows = [customer(n) for n in range(60)]
        job.write(rows)
        process = job.start()
        wait_until(lambda: sandbox.requests() >= 10)
        self.set_world(dns=0)
        # Every connection drops sooner or later, and none can be made anew.
        standing = -1
        while sandbox.requests() != standing:
            standing = sandbox.requests()
            time.sleep(0.5)
        self.assertIsNone(process.poll())
        self.set_world()
        out, err = process.communicate()
        self.assertEqual(process.returncode, 0, err)
        self.assertIn("the address of localhost is not to be found", err)
        self.assert_each_once(sandbox, rows)

    def test_a_name_service_that_stays_away_ends_the_run_with_nothing_in_doubt(self):
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox.url.replace("127.0.0.1", "localhost"), give_up_after='"400ms"')
        self.set_world(dns=0)
        job.write([customer(n) for n in range(5)])
        self.assert_summary(job.run(), 3, not_reached=5)
        self.assertEqual(job.export(), [])


class Prolonged(ProcessTest):
    def blocking_service(self, answers):
        """Answers with each of these first, and then as the API does."""
        def answer(headers, body):
            if len(service.asked) <= len(answers):
                code, message = answers[len(service.asked) - 1]
                return 200, json.dumps({"status": "ERROR", "error_code": code, "error_message": message})
            return 200, json.dumps({"status": "SUCCESS", "crm_client_id": len(service.asked)})

        service = FakeService(answer)
        return service

    def until(self, seconds):
        # In a second from the present one; without a Date header the importer's own clock counts.
        return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + seconds))

    def test_a_block_that_is_prolonged_is_waited_for_again(self):
        words = "Query limit exceeded, token blocked until " + self.until(2)
        again = "Query limit exceeded, token blocked until " + self.until(9)
        with self.blocking_service([("ERROR_BLOCKED_TOKEN", words), ("ERROR_BLOCKED_TOKEN", again)]) as service:
            job = Job(self.folder, service.url, connections=1)
            job.write([customer(1)])
            done = job.run("--first-run")
            self.assert_summary(done, 0, created=1)
            self.assertEqual(len(service.asked), 4)  # the last one looks at the first id's client
            self.assertGreater(done.summary["paused_ms"], 9000)

    def test_a_user_account_blocked_until_a_time_is_waited_for(self):
        words = "User account blocked until " + self.until(1)
        with self.blocking_service([("ERROR_USER_ACCOUNT_BLOCKED", words)]) as service:
            job = Job(self.folder, service.url, connections=1)
            job.write([customer(1)])
            self.assert_summary(job.run("--first-run"), 0, created=1)
            self.assertEqual(len(service.asked), 3)

    def test_a_user_account_blocked_for_good_ends_the_run(self):
        with self.blocking_service([("ERROR_USER_ACCOUNT_BLOCKED", "User account is blocked")] * 9) as service:
            job = Job(self.folder, service.url, connections=1)
            job.write([customer(n) for n in range(5)])
            done = job.run("--first-run")
            self.assert_summary(done, 4, not_reached=5)
            self.assertIn("it is closed or suspended", done.summary["stopped_because"])
            self.assertEqual(len(service.asked), 1)
            self.assertEqual(job.export(), [])

    def test_a_block_without_a_time_that_can_be_read_is_kept_for_the_next_run(self):
        with self.blocking_service([("ERROR_BLOCKED_TOKEN", "Query limit exceeded")] * 9) as service:
            job = Job(self.folder, service.url, connections=1)
            job.write([customer(1)])
            process = job.start()
            wait_until(lambda: service.asked)
            process.terminate()
            out, err = process.communicate()
            self.assertIn("nothing is sent for 11 min 00 s", err)
            self.assertEqual(json.loads(out)["outcomes"]["not_reached"], 1)
            second = job.run("--max-runtime", "300ms")
            self.assert_summary(second, 3, not_reached=1)
            self.assertIn("an earlier run was told of it", second.stderr)
            self.assertEqual(len(service.asked), 1)


if __name__ == "__main__":
    main()
