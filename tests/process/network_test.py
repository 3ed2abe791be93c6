"""Faults of the network and of the service, over a real socket."""
import socket
import threading

from harness import FakeService, Job, ProcessTest, customer, main, wait_until


class Faults(ProcessTest):
    def create_under(self, fault, carried_out, *options, **settings):
        """Creates of which some meet one fault: all come in, each once, in one run."""
        sandbox = self.sandbox("--limit", "0", "--faults", f"{fault}=0.2", "--seed", "1", *options)
        job = Job(self.folder, sandbox.url, stop_after_failures=1000, give_up_after='"60s"', **settings)
        rows = [customer(n) for n in range(60)]
        job.write(rows)
        done = job.run()
        self.assert_summary(done, 0, created=60)
        self.assert_each_once(sandbox, rows)
        # What was carried out was found, and what was not was sent again; a look-up that met the
        # fault is no create.
        self.assertEqual(done.summary["found"] > 0, carried_out, done.stderr)
        self.assertEqual(done.summary["not_found"] > 0, not carried_out, done.stderr)
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=60)
        self.assertEqual(sandbox.requests(), before)

    def test_a_create_whose_connection_drops_before_it_was_carried_out(self):
        self.create_under("drop-before", carried_out=False)

    def test_a_create_whose_connection_drops_after_it_was_carried_out(self):
        self.create_under("drop-after", carried_out=True)

    def test_a_create_whose_connection_is_reset_before_it_was_carried_out(self):
        self.create_under("reset-before", carried_out=False)

    def test_a_create_whose_connection_is_reset_after_it_was_carried_out(self):
        self.create_under("reset-after", carried_out=True)

    def test_a_create_that_is_never_answered(self):
        self.create_under("stall", carried_out=False, timeout='"300ms"')

    def test_a_create_that_is_carried_out_after_it_was_given_up(self):
        self.create_under("late", True, "--late-by", "600ms", timeout='"300ms"', settling_time='"2s"')

    def test_a_create_whose_answer_drips(self):
        self.create_under("drip", carried_out=True, timeout='"300ms"')

    def test_a_create_answered_with_500(self):
        self.create_under("500", carried_out=False)

    def test_a_create_answered_with_502_although_it_was_carried_out(self):
        self.create_under("502-after", carried_out=True)

    def test_a_create_whose_answer_is_cut_off(self):
        self.create_under("cut-off", carried_out=True)

    def test_a_create_whose_answer_is_empty(self):
        self.create_under("empty", carried_out=True)

    def test_a_create_answered_with_a_page_of_html(self):
        self.create_under("html", carried_out=False)

    def test_a_create_whose_answer_has_no_end(self):
        self.create_under("huge", carried_out=True)

    def test_a_create_answered_with_no_http_at_all(self):
        self.create_under("garbage", carried_out=True)

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
        self.assertLessEqual(sandbox.requests(), 7)


    def test_a_server_error_in_the_services_own_form_leaves_a_create_in_doubt(self):
        with FakeService(lambda headers, body: (500, '{"status":"ERROR","error_code":"ERROR_UNKNOWN"}')) as service:
            job = Job(self.folder, service.url)
            job.write([customer(1)])
            self.assert_summary(job.run("--first-run"), 1, in_doubt=1)
            self.assert_summary(job.run("--retry-rejected"), 1, in_doubt=1)
            self.assertEqual(len([body for body in service.asked if b"addCrmClient" in body]), 1)

    def test_a_wrong_path_stops_the_run_and_binds_the_journal_to_nothing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url.replace("connector", "conector"))
        job.write([customer(n) for n in range(30)])
        self.assert_summary(job.run(), 4, not_reached=30)
        self.assertEqual(job.export(), [])
        job.file.write_text(job.file.read_text(encoding="utf-8").replace("conector", "connector"), encoding="utf-8")
        self.assert_summary(job.run(), 0, created=30)

    def test_repeats_share_the_outcome_of_the_row_they_repeat(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "500=1", faults_in=None)
        job = Job(self.folder, sandbox.url)
        job.write([customer(1), customer(1), customer(1)])
        self.assert_summary(job.run("--first-run"), 1, in_doubt=3)
        self.assert_summary(job.run(), 1, in_doubt=3)
        self.assertEqual(sandbox.query("SELECT count(*) FROM request WHERE method = 'addCrmClient'")[0][0], 1)


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
            self.assert_summary(job.run("--first-run"), 3, in_doubt=3, not_reached=27)

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


if __name__ == "__main__":
    main()
