"""`baseload link`: an account that has clients before the first run."""
import json

from harness import Job, ProcessTest, customer, main, stored


class Linking(ProcessTest):
    def account(self, clients, **options):
        sandbox = self.sandbox("--limit", "0")
        for client in clients:
            sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps(client))
        return sandbox, Job(self.folder, sandbox.url, **options)

    def test_rows_find_their_clients_over_all_pages_and_only_what_differs_is_sent(self):
        rows = [customer(n) for n in range(250)]
        there = [stored(r) for r in rows[:230]]
        there[7]["invoice_fullname"] = "Stara Nazwa"
        there[8]["email"] = there[8]["email"].upper()
        strangers = [{"email": f"obcy{n}@example.pl", "login": "x"} for n in range(40)]
        sandbox, job = self.account(strangers + there[::-1])
        job.write(rows)
        done = job.json("link", "--match", "email,login")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual({name: done.said[name] for name in ("rows", "linked", "unmatched", "ambiguous", "clients", "requests")},
                         {"rows": 250, "linked": 230, "unmatched": 20, "ambiguous": 0, "clients": 270, "requests": 4})
        before = sandbox.requests()
        # The notes are not listed: they are sent once.
        self.assert_summary(job.run(), 0, created=20, updated=230)
        self.assertEqual(len(sandbox.clients()), 40 + 250)
        self.assert_each_once_among(sandbox, rows)
        self.assertEqual(sandbox.requests() - before, 250)
        self.assert_summary(job.run(), 0, unchanged=250)

    def assert_each_once_among(self, sandbox, rows):
        logins = [c for _, c in sandbox.clients() if c["login"] != "x"]
        self.assertEqual(sorted(logins, key=lambda c: c["login"]),
                         sorted((stored(r) for r in rows), key=lambda c: c["login"]))

    def test_what_is_equal_needs_no_request_afterwards(self):
        rows = [customer(n) for n in range(5)]
        fields = 'login = "Kod"\nemail = "E-mail"\n'
        sandbox, job = self.account([{"login": r["Kod"], "email": r["E-mail"]} for r in rows], fields=fields)
        job.write(rows)
        self.assertEqual(job.json("link", "--match", "email").said["linked"], 5)
        before = sandbox.requests()
        self.assert_summary(job.run(), 0, unchanged=5)
        self.assertEqual(sandbox.requests(), before)

    def test_what_several_rows_or_clients_share_is_listed_and_not_guessed(self):
        rows = [customer(1), customer(2), customer(3, **{"E-mail": "klient2@example.pl"}), customer(4, **{"E-mail": ""})]
        sandbox, job = self.account([{"email": "klient1@example.pl"}, {"email": "KLIENT1@example.pl"},
                                     {"email": "klient2@example.pl"}])
        job.write(rows)
        done = job.json("link", "--match", "email")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual((done.said["linked"], done.said["ambiguous"], done.said["without_text"]), (0, 3, 1))
        self.assertEqual(sorted((a["match"], a["clients"]) for a in done.said["ambiguities"]),
                         [("email klient1@example.pl", [1, 2]), ("email klient2@example.pl", [3])])
        self.assertEqual(job.export(), [])
        self.assertIn("ambiguous: email klient2@example.pl", job.call("link", "--match", "email").stdout)

    def test_rows_of_one_key_that_match_two_clients_are_not_guessed(self):
        rows = [customer(1), customer(1, **{"E-mail": "inny@example.pl"})]
        _, job = self.account([{"email": "klient1@example.pl"}, {"email": "inny@example.pl"}])
        job.write(rows)
        self.assertEqual(job.json("link", "--match", "email").said["linked"], 0)

    def test_a_second_link_leaves_what_is_linked_alone(self):
        rows = [customer(n) for n in range(3)]
        sandbox, job = self.account([stored(rows[0])])
        job.write(rows)
        self.assertEqual(job.json("link", "--match", "login").said["linked"], 1)
        self.assert_summary(job.run(), 0, created=2, updated=1)
        said = job.json("link", "--match", "login").said
        self.assertEqual((said["known"], said["linked"], said["unmatched"]), (3, 0, 0))
        self.assertEqual(len(sandbox.clients()), 3)

    def test_fields_that_cannot_be_matched_are_refused_by_name(self):
        _, job = self.account([])
        job.write([customer(1)])
        for fields, words in (("e-mail", 'did you mean "email"'), ("notes", "--match"), ("phone", "there are login, email"),
                              ("", "say either")):
            done = job.call("link", "--match", fields) if fields else job.call("link")
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(words, done.stderr)

    def test_an_account_that_cannot_be_read_links_nothing(self):
        sandbox = self.sandbox("--limit", "0", "--faults", "html=1", faults_in=None)
        job = Job(self.folder, sandbox.url, stop_after_failures=100)
        job.write([customer(1)])
        done = job.json("link", "--match", "email")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("could not be read", done.said["stopped_because"])
        self.assertEqual(job.export(), [])


class Lists(ProcessTest):
    def setUp(self):
        super().setUp()
        self.service = self.sandbox("--limit", "0")
        self.job = Job(self.folder, self.service.url)
        self.rows = [customer(n) for n in range(3)]
        self.job.write(self.rows)

    def link(self, text):
        (self.folder / "ids.csv").write_text(text, encoding="utf-8")
        return self.job.call("link", "--from", "ids.csv")

    def test_keys_and_ids_that_are_known_are_taken_as_they_are(self):
        for row in self.rows[:2]:
            self.service.query("INSERT INTO client (fields) VALUES (?)", json.dumps({"login": row["Kod"]}))
        done = self.link("crm_client_id;other;key\n1;x;K00000\n2;;K00001\n")
        self.assertEqual((done.returncode, done.stdout), (0, "2 keys linked\n"), done.stderr)
        self.assert_summary(self.job.run(), 0, created=1, updated=2)
        self.assert_each_once(self.service, self.rows)

    def test_an_export_is_such_a_list(self):
        self.assert_summary(self.job.run(), 0, created=3)
        exported = self.job.call("export").stdout
        self.job.journal.unlink()
        self.assertEqual(self.link(exported).stdout, "3 keys linked\n")
        self.assertEqual(self.job.run().returncode, 2)  # nobody knows whether the list is whole
        self.assert_summary(self.job.run("--accept-journal"), 0, updated=3)
        self.assertEqual(len(self.service.clients()), 3)
        self.assertEqual(self.link(exported).stdout, "0 keys linked\n")

    def test_a_list_in_another_encoding_is_refused_and_not_linked_under_other_keys(self):
        (self.folder / "ids.csv").write_bytes("key;crm_client_id\nŁódź;5\n".encode("cp1250"))
        done = self.job.call("link", "--from", "ids.csv")
        self.assertEqual(done.returncode, 2)
        self.assertIn("line 2: the key is not UTF-8", done.stderr)

    def test_a_list_that_contradicts_itself_or_the_journal_links_nothing(self):
        self.assertEqual(self.link("key,crm_client_id\nA,5\n").returncode, 0)
        for text, words in (("key,crm_client_id\nB,6\nB,7\n", 'line 3: the key "B" comes twice (line 2)'),
                            ("key,crm_client_id\nB,6\nC,6\n", "line 3: the client 6 comes twice (line 2)"),
                            ("key,crm_client_id\nB,6\nA,9\n", 'line 3: "A" is client 5 already; nothing was linked'),
                            ("key,crm_client_id\nB,5\n", 'client 5 is that of "A" already'),
                            ("key,crm_client_id\nB,x\n", '"x" is no client\'s number'),
                            ("key,crm_client_id\n,7\n", "the key is blank"),
                            ("klucz,id\nB,7\n", "columns key and crm_client_id"),
                            ("", "cannot be read, or is empty")):
            with self.subTest(text):
                done = self.link(text)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr)
        self.assertEqual([e["key"] for e in self.job.export()], ["A"])


if __name__ == "__main__":
    main()
