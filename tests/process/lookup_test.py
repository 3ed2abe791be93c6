"""Accounts whose lists are not as the sandbox's: names of digits, options of numbers, closed methods, nothing in them."""
import json
import urllib.parse

from harness import FakeService, Job, ProcessTest, main

OK = {"status": "SUCCESS"}


class Lookups(ProcessTest):
    def account(self, **lists):
        """A service with these answers by method, and what it was sent in `.sent`."""
        answers = {
            "getCrmClientStatuses": {**OK, "statuses": [{"id": 1, "name": "Nowy"}, {"id": 2, "name": "2024"}]},
            "getCrmClientExtraFields": {**OK, "extra_fields": [
                {"extra_field_id": 135, "name": "Rabat", "editor_type": "select", "options": [5, 10]}]},
            "getConnectIntegrations": {**OK, "integrations": []}, **lists}
        sent = []

        def answer(headers, body):
            form = urllib.parse.parse_qs(body.decode())
            method = form["method"][0]
            if method == "addCrmClient":
                sent.append(json.loads(form["parameters"][0]))
                return 200, json.dumps({**OK, "crm_client_id": 1000 + len(sent)})
            return 200, json.dumps(answers[method])

        service = FakeService(answer)
        service.answers = answers
        service.sent = sent
        service.__enter__()
        self.addCleanup(service.__exit__)
        return service

    def job(self, service, fields, *rows):
        job = Job(self.folder, service.url, fields='login = "Kod"\n' + fields)
        job.write([{"Kod": f"K{i}", "X": x} for i, x in enumerate(rows)], ["Kod", "X"])
        return job

    def test_a_default_is_a_name_first_and_then_a_number(self):
        service = self.account()
        job = self.job(service, 'status_id = { column = "X", lookup = true, default = "2024" }\n', "", "Nowy", "1", "3")
        self.assert_summary(job.run("--first-run"), 1, created=3, rejected=1)
        self.assertEqual(sorted(sent["status_id"] for sent in service.sent), [1, 1, 2])

    def test_options_may_be_numbers_and_new_ones_are_learnt(self):
        service = self.account()
        job = self.job(service, '[extra_fields]\n"135" = "X"\n', "5", "15")
        self.assertEqual(job.call("account").returncode, 0)
        self.assert_summary(job.run("--first-run"), 1, created=1, rejected=1)
        self.assertEqual(service.sent[0]["custom_extra_fields"], {"135": "5"})
        service.answers["getCrmClientExtraFields"]["extra_fields"][0]["options"].append(15)
        self.assertIn("baseload account", job.call("check").stdout)
        self.assertEqual(job.call("account").returncode, 0)
        self.assert_summary(job.run(), 0, created=1, unchanged=1)

    def test_where_there_are_no_contractors_no_name_and_no_number_is_one(self):
        service = self.account()
        job = self.job(service, 'contractor_id = { column = "X", lookup = true }\n', "777", "Acme")
        done = job.run()
        self.assert_summary(done, 1, rejected=2)
        self.assertIn("no name that the account knows", done.stderr)
        self.assertEqual(service.sent, [])

    def test_a_closed_list_of_contractors_leaves_the_others(self):
        service = self.account(getConnectIntegrations={"status": "ERROR", "error_code": "ERROR_UNKNOWN_METHOD",
                                                       "error_message": "Unknown method"})
        job = self.job(service, 'status_id = { column = "X", lookup = true }\n', "Nowy")
        done = job.call("account")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("2024", done.stdout)
        self.assertIn("contractors could not be read", done.stderr)
        job.set("status_id", "contractor_id")
        self.assertIn("without lookup", job.run().stderr)


class Tokens(ProcessTest):
    def test_a_token_that_is_a_word_of_ours_is_hidden_once(self):
        sandbox = self.sandbox("--limit", "0")
        job = Job(self.folder, sandbox.url, fields='login = "Kod"\n')
        job.write([{"Kod": "K1"}], ["Kod"])
        job.environment["BASELOAD_TOKEN"] = "token"
        done = job.run()
        self.assertEqual(done.returncode, 4)
        self.assertIn("[token]", done.stdout)


if __name__ == "__main__":
    main()
