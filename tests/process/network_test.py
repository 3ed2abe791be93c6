"""Faults of the network and of the service, over a real socket."""
import json
import signal
import socket
import threading

from harness import FakeService, Job, ProcessTest, customer, main, wait_until


class Faults(ProcessTest):
    def run_twice_under(self, faults, in_doubt, carried_out, **options):
        """Creates under one fault: what is in doubt is held, and never sent again."""
        sandbox = self.sandbox("--limit", "0", "--faults", faults, "--seed", "1")
        job = Job(self.folder, sandbox.url, stop_after_failures=1000, **options)
        rows = [customer(n) for n in range(60)]
        job.write(rows)
        done = job.run()
        doubtful = done.summary["outcomes"]["in_doubt"]
        self.assertEqual(doubtful > 0, in_doubt, done.stderr)
        self.assert_summary(done, 1, created=60 - doubtful, in_doubt=doubtful)
        self.assertEqual(len(sandbox.clients()), 60 if carried_out else 60 - doubtful)
        self.assert_no_duplicates(sandbox)
        before = sandbox.requests()
        again = job.run()
        self.assert_summary(again, 1, unchanged=60 - doubtful, in_doubt=doubtful)
        self.assertEqual(sandbox.requests(), before)
        held = [e["key"] for e in job.export() if e["state"] == "in doubt"]
        self.assertEqual(sorted(held)[:20], sorted(again.summary["doubtful_keys"])[:20])

    def test_a_create_whose_connection_drops_before_it_was_carried_out(self):
        self.run_twice_under("drop-before=0.2", in_doubt=True, carried_out=False)

    def test_a_create_whose_connection_drops_after_it_was_carried_out(self):
        self.run_twice_under("drop-after=0.2", in_doubt=True, carried_out=True)

    def test_a_create_that_is_never_answered(self):
        self.run_twice_under("stall=0.2", in_doubt=True, carried_out=False, timeout='"300ms"')

    def test_a_create_answered_with_500(self):
        self.run_twice_under("500=0.2", in_doubt=True, carried_out=False)

    def test_a_create_answered_with_502_although_it_was_carried_out(self):
        self.run_twice_under("502-after=0.2", in_doubt=True, carried_out=True)

    def test_a_create_whose_answer_is_cut_off(self):
        self.run_twice_under("cut-off=0.2", in_doubt=True, carried_out=True)

    def test_a_create_whose_answer_is_empty(self):
        self.run_twice_under("empty=0.2", in_doubt=True, carried_out=True)

    def test_a_create_answered_with_a_page_of_html(self):
        self.run_twice_under("html=0.2", in_doubt=True, carried_out=False)

    def test_updates_are_repeated_until_they_are_in(self):
        quiet = self.sandbox("--limit", "0")
        job = Job(self.folder, quiet.url, stop_after_failures=1000)
        job.write([customer(n) for n in range(40)])
        self.assert_summary(job.run(), 0, created=40)
        port = quiet.port
        quiet.stop()
        noisy = self.sandbox("--limit", "0", "--seed", "5",
                             "--faults", "drop-before=0.05,drop-after=0.05,500=0.05,cut-off=0.05", port=port)
        changed = [customer(n, **{"E-mail": f"nowy{n}@example.pl"}) for n in range(40)]
        job.write(changed)
        # One connection: the seed alone decides which request meets which fault.
        job.file.write_text(job.file.read_text(encoding="utf-8").replace("[account]", "[account]\nconnections = 1"),
                            encoding="utf-8")
        self.assert_summary(job.run(), 0, updated=40)
        self.assertGreater(noisy.requests(), 80)
        self.assert_each_once(noisy, changed)

    def test_a_service_that_only_fails_stops_the_run(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "html=1")
        job = Job(self.folder, sandbox.url, stop_after_failures=5, connections=2)
        job.write([customer(n) for n in range(200)])
        done = job.run()
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("too many requests in a row failed", done.summary["stopped_because"])
        self.assertLessEqual(sandbox.requests(), 6)


    def test_a_server_error_in_the_services_own_form_leaves_a_create_in_doubt(self):
        with FakeService(lambda headers, body: (500, '{"status":"ERROR","error_code":"ERROR_UNKNOWN"}')) as service:
            job = Job(self.folder, service.url)
            job.write([customer(1)])
            self.assert_summary(job.run(), 1, in_doubt=1)
            self.assert_summary(job.run("--retry-rejected"), 1, in_doubt=1)
            self.assertEqual(len(service.asked), 1)

    def test_a_wrong_path_stops_the_run_and_binds_the_journal_to_nothing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url.replace("connector", "conector"))
        job.write([customer(n) for n in range(30)])
        self.assert_summary(job.run(), 4, not_reached=30)
        self.assertEqual(job.export(), [])
        job.file.write_text(job.file.read_text(encoding="utf-8").replace("conector", "connector"), encoding="utf-8")
        self.assert_summary(job.run(), 0, created=30)

    def test_repeats_share_the_outcome_of_the_row_they_repeat(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "500=1")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(1), customer(1)])
        self.assert_summary(job.run(), 1, in_doubt=3)
        self.assert_summary(job.run(), 1, in_doubt=3)
        self.assertEqual(sandbox.requests(), 1)


class Connections(ProcessTest):
    def test_a_service_that_comes_up_late_is_waited_for(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        job = Job(self.folder, f"http://127.0.0.1:{port}/connector.php")
        rows = [customer(n) for n in range(30)]
        job.write(rows)
        process = job.start()
        wait_until(lambda: job.journal.exists())
        sandbox = self.sandbox("--limit", "0", port=port)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assert_each_once(sandbox, rows)

    def test_a_dead_host_is_given_up_and_nothing_is_in_doubt(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        job = Job(self.folder, f"http://127.0.0.1:{port}/connector.php", give_up_after='"300ms"')
        job.write([customer(n) for n in range(30)])
        done = job.run()
        self.assert_summary(done, 3, not_reached=30)
        self.assertEqual(job.export(), [])
        self.assertEqual(done.summary["requests"], 0)

    def test_a_host_that_accepts_and_says_nothing_is_not_waited_for_for_ever(self):
        with socket.socket() as deaf:
            deaf.bind(("127.0.0.1", 0))
            deaf.listen(64)
            job = Job(self.folder, f"http://127.0.0.1:{deaf.getsockname()[1]}/", timeout='"200ms"',
                      stop_after_failures=3, connections=1)
            job.write([customer(n) for n in range(30)])
            self.assert_summary(job.run(), 3, in_doubt=3, not_reached=27)

    def test_a_redirect_is_not_followed_with_the_token(self):
        other = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(other.close)
        other.settimeout(0.1)
        target = f"http://127.0.0.1:{other.getsockname()[1]}/"
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def redirect():
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode())
                connection.recv(1)

        thread = threading.Thread(target=redirect)
        thread.start()
        job = Job(self.folder, f"http://127.0.0.1:{server.getsockname()[1]}/", connections=1)
        job.write([customer(1)])
        done = job.run()
        thread.join()
        self.assert_summary(done, 4, not_reached=1)
        self.assertIn(f"the URL redirects to {target}", done.summary["stopped_because"])
        with self.assertRaises(TimeoutError):
            other.accept()


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
        self.assertIn("an earlier run was told so", done.stderr)
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
        processes = [job.start() for job in (first, second)]
        for process in processes:
            _, err = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, err)
        self.assertEqual(sandbox.query("SELECT count(*) FROM request WHERE result = 'blocked'")[0][0], 0)
        self.assertEqual(sandbox.busiest_minute(), 20)
        self.assertEqual(sandbox.requests(), 26)
        self.assertEqual(len(sandbox.clients()), 18)


if __name__ == "__main__":
    main()
