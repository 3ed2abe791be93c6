"""What stands before a run that would double everybody: journals that are lost, old or another's, tokens, keys."""
import json
import os
import pathlib
import shutil

from harness import Job, ProcessTest, customer, main


class Journals(ProcessTest):
    def shop(self, rows=20):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n) for n in range(rows)])
        self.assert_summary(job.run(), 0, created=rows)
        return sandbox, job

    def assert_refused(self, sandbox, job, *words, arguments=()):
        before = sandbox.clients()
        done = job.run(*arguments)
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertEqual(sandbox.clients(), before)

    def remove(self, job):
        for file in self.folder.glob(job.journal.name + "*"):
            file.unlink()

    def test_a_journal_that_is_lost_is_missed(self):
        sandbox, job = self.shop()
        self.remove(job)
        self.assert_refused(sandbox, job, "is new, and the account has been written to with", "baseload link", "--first-run")
        # And where the state folder is lost with it: a container without a volume.
        shutil.rmtree(self.folder / "state")
        self.assert_refused(sandbox, job, "the account has clients already (20 on the first page", "--first-run", "link JOB")
        self.assertEqual(job.json("link", "--match", "login").said["linked"], 20)
        self.assert_summary(job.run(), 0, updated=20)  # their notes, which no list shows
        self.assert_each_once(sandbox, [customer(n) for n in range(20)])

    def test_a_job_that_is_renamed_has_another_journal_and_is_told(self):
        sandbox, job = self.shop()
        renamed = self.folder / "sklep.toml"
        job.file.rename(renamed)
        job.file = renamed
        self.assert_refused(sandbox, job, "sklep.journal is new", str(job.journal))
        job.set("[key]", '[journal]\npath = "job.journal"\n[key]')
        self.assert_summary(job.run(), 0, unchanged=20)

    def test_a_backup_that_is_put_back_is_older_and_a_link_makes_it_whole(self):
        sandbox, job = self.shop()
        backup = job.journal.read_bytes()
        rows = [customer(n) for n in range(25)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=5, unchanged=20)
        self.remove(job)
        job.journal.write_bytes(backup)
        for _ in range(2):  # a refusal makes it no newer
            self.assert_refused(sandbox, job, "is older than the one that was used last", "--accept-journal")
        self.assertEqual(job.json("link", "--match", "login").said["linked"], 5)
        self.assert_summary(job.run(), 0, updated=5, unchanged=20)
        self.assert_each_once(sandbox, rows)

    def test_a_journal_that_was_killed_and_moved_without_its_log_is_half(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "20ms")
        job = Job(self.folder, sandbox.url, connections=2)
        job.write([customer(n) for n in range(500)])
        process = job.start()
        while sandbox.requests() < 50:
            pass
        process.kill()
        process.communicate()
        whole = {p.name: p.read_bytes() for p in self.folder.glob("job.journal*")}
        pathlib.Path(f"{job.journal}-wal").unlink()
        pathlib.Path(f"{job.journal}-shm").unlink(missing_ok=True)
        job.call("export")  # who only looks changes nothing
        job.call("resolve", "K1", "--create")
        for _ in range(2):
            self.assert_refused(sandbox, job, "was not closed, and its log", "job.journal-wal is gone")
        self.remove(job)
        for name, content in whole.items():
            (self.folder / name).write_bytes(content)
        self.assertEqual(job.run().returncode, 0)
        self.assert_each_once(sandbox, [customer(n) for n in range(500)])

    def test_a_hard_link_is_refused_and_a_symbolic_one_is_the_same_journal(self):
        sandbox, job = self.shop()
        other = self.folder / "other.journal"
        os.link(job.journal, other)
        self.assert_refused(sandbox, job, "has 2 names (hard links)")
        other.unlink()
        other.symlink_to(job.journal)
        job.set("[key]", '[journal]\npath = "other.journal"\n[key]')
        self.assert_summary(job.run(), 0, unchanged=20)

    def test_a_renamed_job_links_only_where_one_of_the_two_journals_stays(self):
        sandbox, job = self.shop()
        rows = [customer(n) for n in range(20)]
        renamed = Job(self.folder, sandbox.url, name="renamed")
        renamed.write(rows + [customer(100)])
        for arguments in (["--match", "email"], ["--from", "pairs.csv"]):
            (self.folder / "pairs.csv").write_text(f"key,crm_client_id\n{rows[0]['Kod']},1\n")
            refused = renamed.call("link", *arguments)
            self.assertEqual(refused.returncode, 2, refused.stdout)
            self.assertIn("known to the journal", refused.stderr)
            self.assertIn("--other-journal replace", refused.stderr)
        self.assertEqual(renamed.export(), [])
        self.assertEqual(renamed.call("link", "--match", "email", "--other-journal", "keep").returncode, 0)
        job.write(rows)
        self.assert_summary(job.run(), 0, unchanged=20)
        self.remove(renamed)
        self.assertEqual(renamed.call("link", "--match", "email", "--other-journal", "replace").returncode, 0)
        self.assertEqual(renamed.run().summary["outcomes"]["created"], 1)
        job.write(rows + [customer(100)])
        for _ in range(2):
            self.assert_refused(sandbox, job, "is not in use any more", "renamed.journal", "--accept-journal")
        # It comes back by a person's word alone, and then the other one goes.
        self.assertIn("was replaced by", job.call("link", "--match", "email").stderr)
        self.assertEqual(job.call("link", "--match", "email", "--other-journal", "replace").returncode, 0)
        self.assert_summary(job.run(), 0, updated=1, unchanged=20)  # the notes, which no list shows
        self.assert_refused(sandbox, renamed, "is not in use any more")
        self.assert_no_duplicates(sandbox)

    def test_a_journal_with_which_a_run_goes_on_is_not_replaced(self):
        sandbox = self.sandbox("--limit", "0", "--latency", "50ms")
        rows = [customer(n) for n in range(60)]
        job = Job(self.folder, sandbox.url, connections=1)
        job.write(rows)
        process = job.start()
        while len(sandbox.clients()) < 5:
            pass
        copy = Job(self.folder, sandbox.url, name="copy")
        copy.write(rows)
        done = copy.call("link", "--match", "email", "--other-journal", "replace")
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn("a run goes on with the journal", done.stderr)
        process.communicate()
        self.assertEqual(copy.call("link", "--match", "email", "--other-journal", "replace").returncode, 0)
        self.assert_refused(sandbox, job, "is not in use any more")
        self.assert_each_once(sandbox, rows)

    def test_a_lost_journal_that_comes_back_after_a_link_is_refused(self):
        sandbox, job = self.shop()
        backup = job.journal.read_bytes()
        self.remove(job)
        self.assertEqual(job.call("link", "--match", "email").returncode, 0)
        job.write([customer(n) for n in range(21)])
        self.assertEqual(job.run().summary["outcomes"]["created"], 1)
        self.remove(job)
        job.journal.write_bytes(backup)
        self.assert_refused(sandbox, job, "is not in use any more")
        self.assertEqual(job.call("link", "--match", "email").returncode, 2)
        self.assertEqual(job.call("link", "--match", "email", "--other-journal", "replace").returncode, 0)
        self.assertEqual(job.run().summary["outcomes"]["created"], 0)
        self.assert_no_duplicates(sandbox)

    def test_each_create_is_looked_up_first_where_the_job_says_so(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.set("[key]", '[journal]\nbefore_create = "look up"\n[key]')
        sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps({"login": "K00001", "email": "stary@example.pl"}))
        job.write([customer(n) for n in range(4)])
        done = job.run("--first-run")
        self.assert_summary(done, 0, created=3, updated=1)
        # The one that is there: two pages and its update; the first id of all is held against its client.
        self.assertEqual(done.summary["requests"], 3 * 2 + 3 + 1)
        self.assertEqual(dict(sandbox.clients())[1]["email"], "klient1@example.pl")
        self.assertEqual(len(sandbox.clients()), 4)


class Tokens(ProcessTest):
    def two_accounts(self):
        """Two accounts behind one address, by their tokens; ids overlap."""
        mine = self.sandbox("--limit", "0", "--token", "mine-mine-mine-mine")
        job = Job(self.folder, mine.url)
        job.environment["BASELOAD_TOKEN"] = "mine-mine-mine-mine"
        job.write([customer(n) for n in range(20)])
        self.assert_summary(job.run(), 0, created=20)
        return mine, job

    def become(self, sandbox, clients):
        """The same address, and behind it another account."""
        port = sandbox.port
        sandbox.stop()
        for file in self.folder.glob("sandbox.db*"):
            file.unlink()
        other = self.sandbox("--limit", "0", "--token", "theirs-theirs-theirs", port=port)
        for fields in clients:
            other.query("INSERT INTO client (fields) VALUES (?)", json.dumps(fields))
        return other

    def test_a_colleagues_token_overwrites_no_stranger(self):
        mine, job = self.two_accounts()
        strangers = [{"login": f"Obcy{n}", "email": f"obcy{n}@example.pl"} for n in range(30)]
        other = self.become(mine, strangers)
        job.environment["BASELOAD_TOKEN"] = "theirs-theirs-theirs"
        job.write([customer(n, **{"E-mail": f"nowy{n}@example.pl"}) for n in range(20)])
        for arguments in (["run"], ["undo", "--run", "1", "--yes"], ["link", "--match", "email"]):
            done = job.call(*arguments)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn("most likely another account's", done.stderr)
        self.assertEqual([c for _, c in other.clients()], strangers)
        self.assertLessEqual(other.requests(), 15)  # five looks each

    def test_in_an_empty_account_nobody_is_taken_for_deleted(self):
        mine, job = self.two_accounts()
        other = self.become(mine, [])
        job.environment["BASELOAD_TOKEN"] = "theirs-theirs-theirs"
        job.write([customer(n, **{"E-mail": f"nowy{n}@example.pl"}) for n in range(20)])
        self.assertEqual(job.run().returncode, 2)
        done = job.run("--same-account", "--max-errors", "100")
        self.assertNotEqual(done.returncode, 2)
        self.assertNotIn("mine-mine", "".join(p.read_bytes().decode(errors="replace") for p in self.folder.glob("job.journal*")))

    def test_a_token_that_was_regenerated_costs_one_request(self):
        sandbox, job = self.two_accounts()
        port = sandbox.port
        sandbox.stop()
        sandbox = self.sandbox("--limit", "0", "--token", "anew-anew-anew-anew", port=port)
        job.environment["BASELOAD_TOKEN"] = "anew-anew-anew-anew"
        job.write([customer(n) for n in range(21)])
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, created=1, unchanged=20)
        self.assertEqual(sandbox.requests() - before, 2)
        self.assert_summary(job.run(), 0, unchanged=21)
        self.assertEqual(sandbox.requests() - before, 2)


class Keys(ProcessTest):
    def shop(self, keys):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(n, Kod=key) for n, key in enumerate(keys)])
        self.assert_summary(job.run(), 0, created=len(keys))
        return sandbox, job

    def test_a_handful_of_new_customers_in_a_part_is_sent_and_many_are_not(self):
        sandbox, job = self.shop([f"K{n:05}" for n in range(20)])
        part = self.folder / "part.csv"
        job.write([customer(n) for n in (50, 51)])
        shutil.copy(job.source, part)
        self.assert_summary(job.run(str(part)), 0, created=2)
        job.write([customer(n) for n in range(60, 80)])
        shutil.copy(job.source, part)
        done = job.run(str(part))
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("the keys are written in another way", done.stderr)
        self.assertEqual(len(sandbox.clients()), 22)

    def test_keys_without_their_zeros_double_nobody(self):
        keys = [f"{n:05}" for n in range(30)]
        sandbox, job = self.shop(keys)
        job.write([customer(n, Kod=str(int(key))) for n, key in enumerate(keys)])
        done = job.run()
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn('(such as "0", "1" and "2")', done.stderr)
        self.assertRegex(done.stderr, r'30 of the 30 clients that the journal knows \(such as "000')
        job.write([customer(n, Kod=str(int(key)) if n < 3 else key) for n, key in enumerate(keys)])
        done = job.run("--rejects", "r.csv")
        self.assert_summary(done, 1, unchanged=27, rejected=3)
        self.assertIn('"2" is a new key that differs only by its form from "00002"', done.stderr)
        self.assertIn("key_form", (self.folder / "r.csv").read_text(encoding="utf-8"))
        self.assertEqual(len(sandbox.clients()), 30)
        self.assert_summary(job.run("--new-keys"), 0, unchanged=27, created=3)

    def test_keys_in_any_form_of_unicode_and_spaces_are_one(self):
        sandbox, job = self.shop(["\u017b\u00f3\u0142w-1", "K 2", "K3"])
        job.write([customer(0, Kod="Z\u0307o\u0301\u0142w-1"), customer(1, Kod="\u00a0K 2\u200b"), customer(2, Kod="K3")])
        self.assertEqual({k: v for k, v in job.run().summary["outcomes"].items() if v}.get("created"), None)
        self.assertEqual(len(sandbox.clients()), 3)

    def test_a_key_that_identifies_nobody_is_said_so_once(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.set('columns = ["Kod"]', 'columns = ["Kraj"]')
        job.write([customer(n) for n in range(20_000)])
        done = job.run("--rejects", "r.csv")
        self.assertEqual(done.returncode, 2, done.stderr[:1000])
        self.assertIn('so "Kraj" identifies nobody', done.stderr)
        self.assertLess(len(done.stderr), 1000)
        self.assertFalse((self.folder / "r.csv").exists())

    def test_rows_that_differ_in_quoting_alone_are_equal(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.source.write_text('Kod;E-mail;Imię;Nazwisko;Kraj;Uwagi\nK1;a@b.pl;A;B;Polska;"x"\n"K1";a@b.pl;A;B;Polska;x\n',
                              encoding="utf-8")
        self.assert_summary(job.run(), 0, created=1, unchanged=1)
        job.source.write_text('Kod;E-mail;Imię;Nazwisko;Kraj;Uwagi\n"K1";"a@b.pl";"A";"B";"Polska";"x"\n', encoding="utf-8")
        self.assert_summary(job.run("--max-errors", "0"), 0, unchanged=1)


class SecondLook(ProcessTest):
    """What an attack on these guards themselves has found."""

    def test_a_client_whose_key_is_held_back_is_not_missing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.set("[key]", '[missing]\naction = "delete"\nmax_missing = "50%"\n[key]')
        keys = [f"{n:03}" for n in range(20)]
        job.write([customer(n, Kod=key) for n, key in enumerate(keys)])
        self.assert_summary(job.run(), 0, created=20)
        job.write([customer(n, Kod=key.lstrip("0") if n in (7, 8) else key) for n, key in enumerate(keys)])
        self.assert_summary(job.run(), 1, unchanged=18, rejected=2)
        self.assertEqual(len(sandbox.clients()), 20)

    def test_clients_made_since_the_last_full_run_are_not_missing(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.set("[key]", '[missing]\naction = "delete"\n[key]')
        nightly = [customer(n) for n in range(40)]
        job.write(nightly)
        self.assert_summary(job.run(), 0, created=40)
        job.write([customer(n) for n in range(100, 102)])
        self.assertEqual(job.run("--new-keys").returncode, 1)
        job.write(nightly)
        self.assert_summary(job.run(), 0, unchanged=40)
        self.assertEqual(len(sandbox.clients()), 42)

    def test_a_link_that_looked_at_nothing_makes_no_journal_whole(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        rows = [customer(n) for n in range(10)]
        job.write(rows)
        self.assert_summary(job.run(), 0, created=10)
        for file in self.folder.glob("job.journal*"):
            file.unlink()
        job.write([customer(n, **{"E-mail": ""}) for n in range(10)])
        self.assertEqual(job.call("link", "--match", "email").returncode, 0)
        job.write(rows)
        self.assertEqual(job.run().returncode, 2)
        self.assertEqual(len(sandbox.clients()), 10)

    def test_strangers_of_one_city_are_strangers(self):
        fields = 'login = "Kod"\ninvoice_city = "Kraj"\n'
        sandbox = self.sandbox("--limit", "0", "--token", "mine-mine-mine-mine")
        job = Job(self.folder, sandbox.url, fields=fields)
        job.environment["BASELOAD_TOKEN"] = "mine-mine-mine-mine"
        job.write([customer(n) for n in range(5)])
        self.assert_summary(job.run(), 0, created=5)
        for number, client in sandbox.clients():
            sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**client, "login": f"obcy{number}"}), number)
        port = sandbox.port
        sandbox.stop()
        sandbox = self.sandbox("--limit", "0", "--token", "anew-anew-anew-anew", port=port)
        job.environment["BASELOAD_TOKEN"] = "anew-anew-anew-anew"
        job.write([customer(n, Kraj="Niemcy") for n in range(5)])
        self.assertEqual(job.run().returncode, 2)

    def test_a_look_up_that_did_not_end_was_no_create(self):
        """Staff make the client meanwhile: it is linked as theirs, and the row's fields are sent."""
        sandbox = self.sandbox("--limit", "0", "--latency", "2s")
        job = Job(self.folder, sandbox.url)
        job.set("[key]", '[journal]\nbefore_create = "look up"\n[key]')
        job.write([customer(1)])
        process = job.start("--first-run")
        while sandbox.requests() < 1:
            pass
        process.kill()
        process.communicate()
        port = sandbox.port
        sandbox.stop()
        sandbox = self.sandbox("--limit", "0", port=port)
        sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps({"login": "K00001", "email": "staff@example.pl"}))
        self.assert_summary(job.run("--first-run"), 0, updated=1)
        self.assertEqual(sandbox.clients()[0][1]["email"], "klient1@example.pl")
        self.assertEqual(job.json("undo", "--run", "2", "--yes").said["deleted"], 0)
        self.assertEqual(len(sandbox.clients()), 1)

    def test_a_persons_word_ends_a_look_up_before_a_create(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='email = "E-mail"\ninvoice_fullname = "Nazwisko"\n')
        job.set("[key]", '[journal]\nbefore_create = "look up"\n[key]')
        sandbox.query("INSERT INTO client (fields) VALUES (?)",
                      json.dumps({"email": "klient1@example.pl", "invoice_fullname": "Inny"}))
        job.write([customer(1)])
        self.assert_summary(job.run("--first-run"), 1, in_doubt=1)
        self.assertEqual(job.call("resolve", "K00001", "--create").returncode, 0)
        self.assert_summary(job.run("--first-run"), 0, created=1)
        self.assertEqual(len(sandbox.clients()), 2)

    def test_an_equal_repeat_of_a_row_that_is_held_back_is_rejected_with_it(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url)
        job.write([customer(1, Kod="001"), customer(2), customer(3)])
        self.assert_summary(job.run(), 0, created=3)
        job.write([customer(1, Kod="1"), customer(1, Kod="1"), customer(2), customer(3)])
        self.assert_summary(job.run(), 1, unchanged=2, rejected=2)


class Doubts(ProcessTest):
    def test_an_update_without_an_answer_is_not_forgotten(self):
        """A to B timed out but was carried out; the file goes back to A."""
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, connections=1)
        job.write([customer(1)])
        self.assert_summary(job.run(), 0, created=1)
        port = sandbox.port
        sandbox.stop()
        silent = self.sandbox("--limit", "0", "--faults", "drop-after=1", port=port)
        job.write([customer(1, **{"E-mail": "b@example.pl"})])
        self.assert_summary(job.run(), 3, not_reached=1)
        self.assertEqual(silent.clients()[0][1]["email"], "b@example.pl")
        silent.stop()
        sandbox = self.sandbox("--limit", "0", port=port)
        job.write([customer(1)])
        self.assert_summary(job.run(), 0, updated=1)
        self.assertEqual(sandbox.clients()[0][1]["email"], "klient1@example.pl")

    def test_two_state_folders_do_not_pass_the_limit(self):
        sandbox = self.sandbox("--limit", "10")
        job = Job(self.folder, sandbox.url, requests_per_minute=10)
        job.write([customer(n) for n in range(9)])
        self.assert_summary(job.run(), 0, created=9)
        job.environment["STATE_DIRECTORY"] = str(self.folder / "another")
        job.write([customer(n) for n in range(12)])
        done = job.run()
        self.assert_summary(done, 0, created=3, unchanged=9)
        self.assertIn("counted in another state folder", done.stderr)
        self.assertLessEqual(sandbox.busiest_minute(), 10)


if __name__ == "__main__":
    main()
