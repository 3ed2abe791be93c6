"""Creates whose answer never came: looked up, linked or sent again, or left to a person.

    doubt_test.py BASELOAD FAULTY_DISK.so
"""
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys

from harness import EXECUTABLE, Job, ProcessTest, customer, main, preloaded, stored, wait_until

DISK = os.path.abspath(sys.argv[2])
ALIKE = """
email = "E-mail"
"""


class Inherited(ProcessTest):
    """A run is killed while creates are under way; the next one settles them."""

    def killed_run(self, rows, changes="", **options):
        """A sandbox that keeps silent until the importer is killed, and then answers; what was sent
        is in its memory, changed in these forms. Returns it with the job."""
        silent = self.sandbox("--limit", "0", "--faults", "late=1", "--late-by", "50ms", "--changes", changes)
        job = Job(self.folder, silent.url, **options)
        job.write(rows)
        process = job.start()
        wanted = min(len(rows), 8)
        wait_until(lambda: len(silent.clients()) >= wanted)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        port = silent.port
        silent.stop()
        return self.sandbox("--limit", "0", port=port), job

    def test_the_next_run_finds_them_and_creates_nothing_twice(self):
        rows = [customer(n) for n in range(20)]
        sandbox, job = self.killed_run(rows)
        self.assertEqual(len([e for e in job.export() if e["state"] == "in doubt"]), 8)
        done = job.run()
        self.assert_summary(done, 0, created=12, unchanged=8)
        self.assertEqual(done.summary["found"], 8)
        self.assert_each_once(sandbox, rows)
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=20)
        self.assertEqual(sandbox.requests(), before)

    def test_creates_that_are_sent_again_count_for_the_limit_of_rows(self):
        rows = [customer(n) for n in range(20)]
        sandbox, job = self.killed_run(rows)
        sandbox.query("DELETE FROM client")  # as if none of them had been carried out
        done = job.run("--limit-rows", "1")
        self.assert_summary(done, 0, created=1, not_reached=19)
        self.assertEqual((len(sandbox.clients()), done.summary["left_to_go"]), (1, 19))
        self.assert_summary(job.run(), 0, created=19, unchanged=1)
        self.assert_each_once(sandbox, rows)

    def test_a_killed_run_says_what_it_created(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "5ms")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(80)])
        process = job.start()
        wait_until(lambda: len(sandbox.clients()) >= 40)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        linked = len([e for e in job.export() if e["state"] == "linked"])
        self.assertGreater(linked, 0)
        (run,) = job.call("runs", "--json").stdout.splitlines()
        run = json.loads(run)
        self.assertEqual((run["created"], run["finished"]), (linked, None))

    def test_a_client_that_is_stored_in_another_form_is_found_by_its_only_text(self):
        forms = [("escape", "O'Brien & \"Syn\""), ("escape", "Kowalski &amp; Synowie"), ("upper", "Kowalski &amp; Syn"),
                 ("collapse", " Kowalski \u00a0 Syn"), ("strip", "Kowal\u200bski\tSyn"), ("lower", "KOWALSKI Łódź"),
                 ("upper", "Straße Yıldızlar"), ("nfd", "Zażółć Handel"), ("nfc", "Cafe\u0301 Andre\u0301"),
                 ("escape,upper,nfd,strip,collapse", "Żółć &\t\u200b<Syn>")]
        whole = self.folder
        for number, (changes, text) in enumerate(forms):
            with self.subTest(changes=changes, text=text):
                self.folder = whole / str(number)
                self.folder.mkdir()
                sandbox, job = self.killed_run([customer(1, Uwagi=text)], changes, fields='invoice_company = "Uwagi"')
                done = job.run()
                self.assertEqual(len(sandbox.clients()), 1, sandbox.clients())
                self.assert_summary(done, 0, unchanged=1)

    def test_a_row_that_changed_meanwhile_is_linked_and_then_updated(self):
        sandbox, job = self.killed_run([customer(1)])
        changed = customer(1, **{"E-mail": "inny@example.pl"})
        job.write([changed])
        done = job.run()
        self.assert_summary(done, 0, updated=1)
        self.assertEqual(done.summary["fields_sent"], 1)
        self.assert_each_once(sandbox, [changed])

    def test_what_staff_edited_meanwhile_makes_no_second_client_and_survives(self):
        """The client shows the row's key: it is the row's, and what is otherwise now somebody edited."""
        sandbox, job = self.killed_run([customer(1), customer(2)])
        edited = [{**c, "notes": "by staff", "email": "nowy@example.pl"} if c["login"] == "K00001" else c
                  for _, c in sandbox.clients()]
        for (number, _), client in zip(sandbox.clients(), edited):
            sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps(client), number)
        self.assert_summary(job.run(), 0, unchanged=2)
        self.assertEqual([c for _, c in sandbox.clients()], edited)

    def test_notes_are_not_listed_so_they_are_read_where_the_key_is_in_no_field(self):
        sandbox, job = self.killed_run([customer(1)], fields='email = "E-mail"\nnotes = "Uwagi"')
        sandbox.query("UPDATE client SET fields = ?", json.dumps({"email": "klient1@example.pl", "notes": ""}))
        self.assert_summary(job.run(), 0, updated=1)
        self.assertEqual(sandbox.clients()[0][1]["notes"], customer(1)["Uwagi"])

    def test_a_key_that_the_source_does_not_have_any_more_is_settled_too(self):
        sandbox, job = self.killed_run([customer(1), customer(2)])
        job.write([customer(3)])
        self.assert_summary(job.run(), 0, created=1)
        self.assertEqual({e["key"]: e["state"] for e in job.export()},
                         {"K00001": "linked", "K00002": "linked", "K00003": "linked"})
        self.assert_each_once(sandbox, [customer(n) for n in (1, 2, 3)])

    def test_rows_that_no_list_can_tell_apart_become_as_many_clients(self):
        rows = [customer(n, **{"E-mail": "wspolny@example.pl"}) for n in range(4)]
        sandbox, job = self.killed_run(rows, fields=ALIKE)
        sandbox.query("DELETE FROM client WHERE id > 1")
        done = job.run()
        self.assert_summary(done, 0, created=3, unchanged=1)
        self.assertEqual(len(sandbox.clients()), 4)
        self.assertEqual(len({e["crm_client_id"] for e in job.export()}), 4)

    def test_link_does_not_give_the_client_of_a_row_in_doubt_to_another_row(self):
        rows = [customer(1), customer(2, **{"E-mail": "klient1@example.pl"})]
        sandbox, job = self.killed_run(rows[:1])
        job.write(rows)
        done = job.json("link", "--match", "email")
        self.assertEqual((done.returncode, done.said["linked"], done.said["ambiguous"]), (1, 0, 1), done.stderr)
        self.assertEqual(done.said["ambiguities"][0]["lines"], [2, 4])
        self.assert_summary(job.run(), 0, created=1, unchanged=1)
        self.assert_each_once(sandbox, rows)

    def test_look_ups_share_the_limit(self):
        rows = [customer(n) for n in range(14)]
        sandbox, job = self.killed_run(rows)
        before = sandbox.requests()
        job.set("requests_per_minute = 0", "requests_per_minute = 200")
        self.assert_summary(job.run(), 0, created=6, unchanged=8)
        # Each look-up reads on until a page brings nothing new.
        self.assertEqual(sandbox.requests() - before, 6 + 8 + 8)
        slots = subprocess.run(["sqlite3", *map(str, (self.folder / "state").glob("*.state")),
                                "SELECT count(*) FROM slot"], capture_output=True, text=True, check=True)
        self.assertEqual(int(slots.stdout), 6 + 8 + 8)


    def test_a_power_loss_at_any_write_of_the_settling_run_makes_no_second_client(self):
        sandbox, job = self.killed_run([customer(1), customer(2)])
        changed = [customer(n, **{"E-mail": f"inny{n}@example.pl"}) for n in (1, 2)]
        job.write(changed)
        clients, doubtful = sandbox.clients(), job.journal.read_bytes()
        log = pathlib.Path(f"{job.journal}-wal").read_bytes()
        struck = 0
        for at in range(1, 200):
            # The world as it was: two creates in doubt, both carried out.
            sandbox.query("DELETE FROM client")
            for number, client in clients:
                sandbox.query("INSERT INTO client VALUES (?, ?)", number, json.dumps(client))
            job.journal.write_bytes(doubtful)
            pathlib.Path(f"{job.journal}-wal").write_bytes(log)
            pathlib.Path(f"{job.journal}-shm").unlink(missing_ok=True)
            shutil.rmtree(self.folder / "state")
            plain = job.environment
            job.environment = {**plain, **preloaded(self.folder, DISK), "BASELOAD_DISK_FAULT": f"power-loss:{at}:{at}"}
            code = job.call("run", "--quiet").returncode
            job.environment = plain
            done = job.run()
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_each_once(sandbox, changed)
            if code == 0:
                break
            struck += 1
        self.assertGreater(struck, 20)


class ByHand(ProcessTest):
    """What no look-up can settle is held, and a person's word settles it."""

    def held(self, fields, clients, rows=None):
        """A run whose creates meet a service that is at fault; then the account has `clients`."""
        faulty = self.sandbox("--limit", "0", "--faults", "500=1")
        job = Job(self.folder, faulty.url, fields=fields, connections=1)
        job.write(rows or [customer(1)])
        process = job.start()
        wait_until(lambda: faulty.requests() > 1 and job.export())
        process.kill()
        process.communicate()
        port = faulty.port
        faulty.stop()
        sandbox = self.sandbox("--limit", "0", port=port)
        for client in clients:
            sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps(client))
        return sandbox, job

    def sh(self, job, command):
        return subprocess.run(command.replace("baseload", shlex.quote(EXECUTABLE), 1), shell=True, env=job.environment,
                              capture_output=True, text=True, check=False)

    def test_several_matches_are_held_and_the_printed_command_settles_it(self):
        twin = {"email": "klient1@example.pl"}
        sandbox, job = self.held(ALIKE, [twin, twin])
        for _ in range(2):  # every night anew, until somebody decides
            done = job.run()
            self.assert_summary(done, 1, in_doubt=1)
            doubt = done.summary["doubts"][0]
            self.assertEqual(doubt["candidates"], [1, 2])
            self.assertEqual(doubt["commands"], [f"baseload resolve {job.file} K00001 {how}"
                                                 for how in ("--id 1", "--id 2", "--create")])
        self.assertIn(doubt["commands"][0], job.call("run").stdout)
        said = self.sh(job, doubt["commands"][1])
        self.assertEqual((said.returncode, said.stdout), (0, '"K00001" is client 2\n'))
        self.assert_summary(job.run(), 0, unchanged=1)
        self.assertEqual(job.export()[0]["crm_client_id"], "2")
        self.assertEqual(len(sandbox.clients()), 2)

    def test_one_that_staff_merged_meanwhile_is_linked(self):
        twin = {"email": "klient1@example.pl"}
        sandbox, job = self.held(ALIKE, [twin, twin])
        self.assert_summary(job.run(), 1, in_doubt=1)
        sandbox.query("DELETE FROM client WHERE id = 2")
        self.assert_summary(job.run(), 0, unchanged=1)

    def test_nothing_to_search_by_is_held_and_can_be_said_to_be_absent(self):
        sandbox, job = self.held('invoice_city = "Kraj"', [])
        done = job.run()
        self.assert_summary(done, 1, in_doubt=1)
        self.assertIn("no text by which the account could be searched", done.stderr)
        said = self.sh(job, done.summary["doubts"][0]["commands"][-1])
        self.assertEqual((said.returncode, said.stdout),
                         (0, '"K00001" is not in the account: the next run creates it\n'))
        self.assert_summary(job.run(), 0, created=1)
        self.assertEqual(len(sandbox.clients()), 1)

    def test_a_client_that_differs_is_linked_by_hand_and_brought_into_step(self):
        sandbox, job = self.held('login = "Kod"\nemail = "E-mail"', [{"email": "x@example.pl", "login": "K00001"}])
        said = job.call("resolve", "K00001", "--id", "1")
        self.assertEqual(said.stdout, '"K00001" is client 1; it shows email otherwise than was sent: the next run sends '
                                      "what the file has\n")
        self.assert_summary(job.run(), 0, updated=1)
        self.assertEqual(sandbox.clients(), [(1, {"email": "klient1@example.pl", "login": "K00001"})])

    def test_a_wrong_word_is_refused(self):
        _, job = self.held(ALIKE, [])
        for arguments, words in ((["K0001", "--create"], '"K0001" is not in doubt'),
                                 (["K00001", "--id", "77"], "the account has no client 77"),
                                 (["K00001", "--id", "0"], "--id"),
                                 (["K00001"], "say either --id N"),
                                 (["K00001", "--id", "1", "--create"], "say either --id N")):
            with self.subTest(arguments):
                said = job.call("resolve", *arguments)
                self.assertEqual(said.returncode, 2, said.stderr)
                self.assertIn(words, said.stderr)
        self.assertEqual([e["state"] for e in job.export()], ["in doubt"])

    def test_a_key_that_looks_like_an_option_can_be_resolved(self):
        _, job = self.held('invoice_city = "Kraj"', [], rows=[customer(1, Kod="-17 'x'")])
        done = job.run()
        said = self.sh(job, done.summary["doubts"][0]["commands"][-1])
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assert_summary(job.run(), 0, created=1)


class Deleted(ProcessTest):
    def with_deleted(self, **options):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, **options)
        job.write([customer(n) for n in range(4)])
        self.assert_summary(job.run(), 0, created=4)
        sandbox.query("DELETE FROM client WHERE id = 2")
        return sandbox, job

    def change(self, job, suffix):
        """The rows with new addresses, and what the account should hold of each."""
        rows = [customer(n, **{"E-mail": f"k{n}{suffix}@example.pl"}) for n in range(4)]
        job.write(rows)
        return {row["Kod"]: stored(row) for row in rows}

    def test_an_update_to_a_deleted_client_is_rejected_once_and_then_left_alone(self):
        sandbox, job = self.with_deleted()
        gone = next(e["key"] for e in job.export() if e["crm_client_id"] == "2")
        self.change(job, "a")
        done = job.run("--rejects", "r.csv")
        self.assert_summary(done, 1, updated=3, rejected=1)
        self.assertIn("the account does not have the row's client 2 any more", done.stderr)
        self.assertIn("client_deleted", (self.folder / "r.csv").read_text(encoding="utf-8"))
        self.assertEqual({e["key"] for e in job.export() if e["state"] == "deleted"}, {gone})
        before = sandbox.requests()
        again = job.run()
        self.assert_summary(again, 0, unchanged=4)
        self.assertEqual(again.summary["left_alone"], 1)
        self.assertEqual(sandbox.requests(), before)
        self.change(job, "b")
        changed = job.run()
        self.assert_summary(changed, 0, updated=3, unchanged=1)
        self.assertEqual(changed.summary["left_alone"], 1)

    def test_a_deleted_client_that_is_restored_is_taken_up_again_when_asked(self):
        sandbox, job = self.with_deleted()
        self.change(job, "a")
        self.assert_summary(job.run(), 1, updated=3, rejected=1)
        self.assert_summary(job.run("--retry-rejected"), 1, unchanged=3, rejected=1)
        sandbox.query("INSERT INTO client VALUES (2, '{}')")
        self.assert_summary(job.run("--retry-rejected"), 0, unchanged=3, updated=1)
        self.assert_summary(job.run(), 0, unchanged=4)

    def test_a_deleted_client_is_made_anew_where_the_job_says_so(self):
        sandbox, job = self.with_deleted(on_deleted='"recreate"')
        wanted = self.change(job, "a")
        self.assert_summary(job.run(), 0, created=1, updated=3)
        self.assertEqual({c["login"]: c for _, c in sandbox.clients()}, wanted)
        self.assert_summary(job.run(), 0, unchanged=4)

    def test_one_that_was_left_alone_is_made_anew_once_the_job_says_so(self):
        sandbox, job = self.with_deleted()
        wanted = self.change(job, "a")
        self.assert_summary(job.run(), 1, updated=3, rejected=1)
        job.set("[account]\n", '[account]\non_deleted = "recreate"\n')
        self.assert_summary(job.run(), 0, created=1, unchanged=3)
        self.assertEqual({c["login"]: c for _, c in sandbox.clients()}, wanted)


if __name__ == "__main__":
    main()
