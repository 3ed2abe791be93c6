"""`baseload undo`: a run is taken back."""
import json
import signal

from harness import Job, ProcessTest, customer, main, stored, wait_until


def changed(number, suffix="nowy"):
    return customer(number, **{"E-mail": f"{suffix}{number}@example.pl", "Uwagi": f"uwaga {suffix}"})


class Undoing(ProcessTest):
    def shop(self, *options, backup=False, **account_options):
        sandbox = self.sandbox("--limit", "0", *options)
        job = Job(self.folder, sandbox.url, **account_options)
        if backup:
            job.set("[key]", "[journal]\nbackup = true\n[key]")
        return sandbox, job

    def test_what_a_later_run_changed_stays_though_that_run_was_undone(self):
        sandbox, job = self.shop(backup=True)
        for suffix in ("a", "b", "c", "d"):
            job.write([changed(1, suffix)])
            job.run()
        self.assertEqual(job.json("undo", "--run", "4", "--yes").said["restored"], 1)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual(done.said["restored"], 0, done.stdout)
        self.assertEqual(sandbox.clients()[0][1]["email"], "c1@example.pl")

    def test_an_update_that_was_refused_leaves_nothing_to_restore(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\nemail = "E-mail"\nstatus_id = "Kraj"\n')
        job.set("[key]", "[journal]\nbackup = true\n[key]")
        job.write([customer(1, Kraj="1")])
        self.assert_summary(job.run(), 0, created=1)
        job.write([customer(1, Kraj="999999", **{"E-mail": "nowy@example.pl"})])
        self.assert_summary(job.run(), 1, rejected=1)
        number, client = sandbox.clients()[0]
        client["email"] = "panel@example.pl"
        sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps(client), number)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual(done.said["restored"], 0, done.stdout)
        self.assertEqual(sandbox.clients()[0][1]["email"], "panel@example.pl")

    def test_the_clients_that_a_run_created_are_deleted_and_come_again_with_the_next(self):
        sandbox, job = self.shop()
        job.write([customer(n) for n in range(10)])
        self.assert_summary(job.run(), 0, created=10)
        job.write([customer(n) for n in range(30)])
        self.assert_summary(job.run(), 0, created=20, unchanged=10)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((done.said["deleted"], done.said["requests"]), (20, 20))
        self.assert_each_once(sandbox, [customer(n) for n in range(10)])
        self.assertIn("exit 0, undone", job.call("runs").stdout)
        again = job.json("undo", "--run", "2", "--yes")
        self.assertEqual((again.returncode, again.said["deleted"], again.said["requests"]), (0, 0, 0))
        self.assert_summary(job.run(), 0, created=20, unchanged=10)
        self.assert_each_once(sandbox, [customer(n) for n in range(30)])

    def test_nobody_is_asked_in_vain(self):
        sandbox, job = self.shop()
        job.write([customer(1)])
        job.run()
        done = job.call("undo", "--run", "1")
        self.assertEqual(done.returncode, 2)
        self.assertIn("1 client to delete", done.stderr)
        self.assertIn("say --yes", done.stderr)
        self.assertEqual(len(sandbox.clients()), 1)
        missing = job.call("undo", "--run", "9", "--yes")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("the journal has no run 9", missing.stderr)

    def test_an_undo_that_is_killed_goes_on(self):
        sandbox, job = self.shop("--latency", "5ms", connections=2)
        job.write([customer(n) for n in range(60)])
        self.assert_summary(job.run(), 0, created=60)
        process = job.start_command("undo", "--run", "1", "--yes")
        wait_until(lambda: len(sandbox.clients()) <= 40)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        left = len(sandbox.clients())
        done = job.json("undo", "--run", "1", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        # What was deleted without an answer is found to be gone; on each of 2 connections it may be so after the kill.
        self.assertIn(left - done.said["deleted"], range(3))
        self.assertLessEqual(done.said["gone"], 2)
        self.assertEqual((sandbox.clients(), job.export()), ([], []))

    def test_what_cannot_be_deleted_yet_is_left_and_said(self):
        sandbox, job = self.shop()
        job.write([customer(n) for n in range(4)])
        self.assert_summary(job.run(), 0, created=4)
        sandbox.query("DELETE FROM client WHERE id = 2")
        port = sandbox.port
        sandbox.stop()
        self.sandbox("--limit", "0", "--faults", "html=1", port=port, faults_in=None)
        job.set("[account]\n", "[account]\nstop_after_failures = 2\n")
        done = job.json("undo", "--run", "1", "--yes")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(done.said["deleted"], 0)
        self.assertEqual(len(job.export()), 4)

    def test_updates_stay_without_a_backup_and_the_command_says_so(self):
        sandbox, job = self.shop()
        job.write([customer(n) for n in range(3)])
        job.run()
        job.write([changed(n) for n in range(3)])
        self.assert_summary(job.run(), 0, updated=3)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("3 updates stay as they are", done.stderr)
        self.assert_each_once(sandbox, [changed(n) for n in range(3)])

    def test_updates_are_taken_back_where_the_clients_were_read_before(self):
        sandbox, job = self.shop(backup=True)
        rows = [customer(n) for n in range(3)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=3)
        # Staff edited one by hand since.
        edited = {**stored(rows[0]), "email": "reczny@example.pl", "phone": "123"}
        sandbox.query("UPDATE client SET fields = ? WHERE json_extract(fields, '$.login') = 'K00000'", json.dumps(edited))
        before = sandbox.requests()
        job.write([changed(n) for n in range(3)])
        self.assert_summary(job.run(), 0, updated=3)
        self.assertEqual(sandbox.requests() - before, 6)  # a reading for each update
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual((done.returncode, done.said["restored"], done.said["deleted"]), (0, 3, 0), done.stderr)
        self.assertEqual(sorted((c for _, c in sandbox.clients()), key=lambda c: c["login"]),
                         [edited, stored(rows[1]), stored(rows[2])])
        self.assertEqual(job.json("undo", "--run", "2", "--yes").said["requests"], 0)
        self.assert_summary(job.run(), 0, updated=3)
        self.assertEqual({c["email"] for _, c in sandbox.clients()}, {f"nowy{n}@example.pl" for n in range(3)})

    def test_a_client_that_a_later_run_changed_again_is_not_put_back_behind_its_back(self):
        sandbox, job = self.shop(backup=True)
        job.write([customer(0), customer(1)])
        job.run()
        job.write([changed(0), changed(1)])
        job.run()
        job.write([changed(0, "nowszy"), changed(1)])
        self.assert_summary(job.run(), 0, updated=1, unchanged=1)
        done = job.json("undo", "--run", "2", "--yes")
        self.assertEqual((done.returncode, done.said["restored"]), (0, 1), done.stderr)
        self.assertIn("changed again by a later run", done.stderr)
        self.assertEqual(job.json("undo", "--run", "3", "--yes").said["restored"], 1)
        self.assertEqual(sorted(c["email"] for _, c in sandbox.clients()), ["klient1@example.pl", "nowy0@example.pl"])

    def test_with_a_backup_a_client_that_is_gone_is_told_as_without(self):
        sandbox, job = self.shop(backup=True)
        job.write([customer(0), customer(1)])
        job.run()
        sandbox.query("DELETE FROM client WHERE id = 1")
        job.write([changed(0), changed(1)])
        self.assert_summary(job.run(), 1, updated=1, rejected=1)


if __name__ == "__main__":
    main()
