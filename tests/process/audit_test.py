"""`audit`: account, journal and source held against each other."""
import csv
import json

from harness import Job, ProcessTest, customer, main


class Audit(ProcessTest):
    def shop(self, rows, **options):
        sandbox = self.sandbox("--limit", "0", "--page-size", "7")
        job = Job(self.folder, sandbox.url, **options)
        job.write(rows)
        self.assert_summary(job.run(), 0, created=len(rows))
        return sandbox, job

    def set(self, sandbox, login, **fields):
        number, client = next((n, c) for n, c in sandbox.clients() if c["login"] == login)
        sandbox.query("UPDATE client SET fields = ? WHERE id = ?", json.dumps({**client, **fields}), number)
        return number

    def test_an_account_that_agrees_takes_a_request_a_page_and_exits_0(self):
        sandbox, job = self.shop([customer(n) for n in range(20)])
        before = sandbox.requests()
        done = job.json("audit")
        self.assertEqual((done.returncode, done.said["in_step"], done.said["findings"]), (0, 20, []), done.stderr)
        self.assertEqual(sandbox.requests() - before, 4)  # three pages, and one that brings nothing new
        # A stranger is named, and no disagreement; nor is what the service writes in another form.
        sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps({"email": "obcy@example.pl"}))
        self.set(sandbox, "K00003", email="KLIENT3@example.pl")
        done = job.json("audit")
        self.assertEqual((done.returncode, done.said["counts"]["unknown"], done.said["in_step"]), (0, 1, 20), done.stdout)

    def test_each_kind_of_disagreement_is_named_with_its_values(self):
        rows = [customer(n) for n in range(10)]
        sandbox, job = self.shop(rows)
        edited = self.set(sandbox, "K00001", email="panel@example.pl")
        gone = next(n for n, c in sandbox.clients() if c["login"] == "K00002")
        sandbox.query("DELETE FROM client WHERE id = ?", gone)
        sandbox.query("INSERT INTO client (fields) VALUES (?)", json.dumps({"email": "klient3@example.pl"}))
        changed = [customer(4, **{"E-mail": "nowy4@example.pl"}) if n == 4 else customer(n) for n in range(10)]
        job.write([*changed, customer(11), customer(12, **{"E-mail": "zly"})])
        before = sandbox.clients()
        done = job.json("audit", "--csv", "audit.csv")
        self.assertEqual(done.returncode, 1, done.stderr)
        by_kind = {f["finding"]: f for f in done.said["findings"]}
        self.assertEqual(done.said["counts"], {"no_client": 1, "faulty": 1, "not_sent": 1, "edited": 1, "gone": 1,
                                               "twice": 1, "unknown": 1})
        self.assertEqual((by_kind["edited"]["crm_client_id"], by_kind["edited"]["ours"], by_kind["edited"]["theirs"]),
                         (edited, "klient1@example.pl", "panel@example.pl"))
        self.assertEqual((by_kind["gone"]["key"], by_kind["gone"]["crm_client_id"]), ("K00002", gone))
        self.assertEqual((by_kind["not_sent"]["key"], by_kind["not_sent"]["ours"]), ("K00004", "nowy4@example.pl"))
        self.assertEqual((by_kind["twice"]["key"], by_kind["twice"]["other_id"], by_kind["twice"]["field"]),
                         ("K00003", 11, "email"))
        self.assertEqual(by_kind["no_client"]["key"], "K00011")
        with (self.folder / "audit.csv").open(encoding="utf-8", newline="") as file:
            self.assertEqual(len(list(csv.DictReader(file, delimiter=";"))), 7)
        self.assertEqual(sandbox.clients(), before)
        text = job.call("audit").stdout
        self.assertIn('line 5, "K00001", client', text.replace("line 4, ", "line 5, "))
        self.assertIn('source "klient1@example.pl", account "panel@example.pl"', text)

    def test_fix_journal_records_what_is_gone_so_that_the_next_run_is_right(self):
        rows = [customer(n) for n in range(6)]
        sandbox, job = self.shop(rows, on_deleted='"recreate"')
        self.set(sandbox, "K00001", email="panel@example.pl")
        sandbox.query("DELETE FROM client WHERE json_extract(fields, '$.login') = 'K00002'")
        self.assert_summary(job.run(), 0, unchanged=6)  # the journal knows nothing of it
        done = job.json("audit", "--fix-journal")
        self.assertEqual((done.returncode, done.said["recorded"]), (1, 2), done.stdout)
        self.assert_summary(job.run(), 0, created=1, unchanged=5)
        again = job.json("audit")
        self.assertEqual([f["finding"] for f in again.said["findings"]], ["not_sent"], again.stdout)
        self.assert_summary(job.run(), 0, unchanged=6)  # what staff edited survives until the row changes

    def test_an_account_that_cannot_be_read_is_not_judged(self):
        sandbox, job = self.shop([customer(1)])
        port = sandbox.port
        sandbox.stop()
        self.sandbox("--limit", "0", "--faults", "html=1", port=port, faults_in=None)
        done = job.json("audit")
        self.assertEqual(done.returncode, 3, done.stdout)
        self.assertIn("could not be read", done.said["stopped_because"])


if __name__ == "__main__":
    main()
