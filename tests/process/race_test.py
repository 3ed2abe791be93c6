"""Creates that look alike, and answers that come late: each customer once, whatever overtakes what.

The service is scripted here: which request is carried out, when it answers, and what.
"""
import json
import threading
import time
import urllib.parse

from harness import FakeService, Job, ProcessTest, customer, main

SHOWN = ["email", "login", "phone", "invoice_fullname", "invoice_company", "invoice_tax_id"]
ALIKE = 'email = "E-mail"\ninvoice_fullname = "Nazwisko"\n'


class Script:
    """An account whose creates go as `plan(parameters)` says: (carried out, seconds until the answer, HTTP status)."""

    def __init__(self, plan, page_delay=None, first_id=1):
        self.plan = plan
        self.page_delay = page_delay or {}
        self.clients = {}
        self.next_id = first_id
        self.methods = []
        self.lock = threading.Lock()
        self.service = FakeService(self.answer)

    def __enter__(self):
        self.service.__enter__()
        return self

    def __exit__(self, *exception):
        self.service.__exit__(*exception)

    def answer(self, _headers, body):
        form = urllib.parse.parse_qs(body.decode())
        method, parameters = form["method"][0], json.loads(form["parameters"][0])
        self.methods.append(method)
        if method == "addCrmClient":
            return self.update(parameters) if parameters.get("crm_client_id") else self.create(parameters)
        if method == "getCrmClients":
            return self.listed(parameters)
        return 200, json.dumps({"status": "ERROR", "error_code": "ERROR_X", "error_message": method})

    def create(self, parameters):
        carried_out, delay, status = self.plan(parameters)
        number = 0
        if carried_out:
            with self.lock:
                number = self.next_id
                self.next_id += 1
                self.clients[number] = parameters
        time.sleep(delay)
        return (status, json.dumps({"status": "SUCCESS", "crm_client_id": number}) if status == 200 else "")

    def update(self, parameters):
        number = parameters["crm_client_id"]
        if number not in self.clients:
            return 200, json.dumps({"status": "ERROR", "error_code": "ERROR_GONE", "error_message": "no such client"})
        self.clients[number].update(parameters)
        return 200, json.dumps({"status": "SUCCESS", "crm_client_id": number})

    def listed(self, parameters):
        wanted = {name[7:]: text for name, text in parameters.items() if name.startswith("filter_")}
        with self.lock:
            found = [{"crm_client_id": number, **dict.fromkeys(SHOWN, ""), **client}
                     for number, client in sorted(self.clients.items())]
        found = [c for c in found if all(str(text).lower() in str(c.get(name, "")).lower() for name, text in wanted.items())]
        page = parameters["page"]
        time.sleep(self.page_delay.get(page, 0))
        return 200, json.dumps({"status": "SUCCESS", "clients": found[(page - 1) * 100:page * 100]})


class Races(ProcessTest):
    def finished(self, job, code, **outcomes):
        self.assert_summary(job.run(), code, **outcomes)

    def assert_own_clients(self, job, script, rows):
        """Each row has a client of its own, and that one is as the row is."""
        keys = {row["Kod"] for row in rows}
        ids = {e["key"]: int(e["crm_client_id"]) for e in job.export() if e["key"] in keys}
        self.assertEqual(len(set(ids.values())), len(rows), ids)
        for row in rows:
            client = script.clients[ids[row["Kod"]]]
            self.assertEqual(client["email"], row["E-mail"])
            self.assertEqual(client.get("phone", ""), row["Imię"])
        self.assertEqual(len(script.clients), len(rows))

    def two_of_whom_one_sent_more(self):
        return [customer(1, **{"E-mail": "x@x.pl", "Imię": "600100200", "Nazwisko": "Kowalski"}),
                customer(2, **{"E-mail": "x@x.pl", "Imię": "", "Nazwisko": "Kowalski"})]

    def test_a_client_that_another_create_under_way_made_is_not_taken(self):
        tries = []

        def plan(parameters):
            if "phone" in parameters:
                return True, 2, 200
            tries.append(1)
            return (False, 0, 502) if len(tries) == 1 else (True, 0, 200)

        rows = self.two_of_whom_one_sent_more()
        with Script(plan) as script:
            job = Job(self.folder, script.service.url, fields=ALIKE + 'phone = "Imię"\n')
            job.write(rows)
            self.finished(job, 0, created=2)
            self.assert_own_clients(job, script, rows)

    def test_of_two_creates_in_doubt_the_one_that_sent_more_gets_the_client(self):
        tries = {"phone": 0, "none": 0}

        def plan(parameters):
            kind = "phone" if "phone" in parameters else "none"
            tries[kind] += 1
            if tries[kind] > 1:
                return True, 0, 200
            return (True, 1, 502) if kind == "phone" else (False, 0, 502)

        rows = self.two_of_whom_one_sent_more()
        with Script(plan) as script:
            job = Job(self.folder, script.service.url, fields=ALIKE + 'phone = "Imię"\n', settling_time='"2s"')
            job.write(rows)
            self.finished(job, 0, created=2)
            self.assert_own_clients(job, script, rows)

    def test_an_answer_that_comes_between_two_pages_of_a_look_up_is_heeded(self):
        creates = []

        def plan(_parameters):
            creates.append(1)
            return {1: (False, 0, 502), 2: (True, 1, 200)}.get(len(creates), (True, 0, 200))

        rows = [customer(n, **{"E-mail": "x@x.pl", "Imię": "", "Nazwisko": "Kowalski"}) for n in (1, 2)]
        with Script(plan, page_delay={2: 2}, first_id=1000) as script:
            others = {n: {"email": "x@x.pl", "invoice_fullname": f"Inny {n}"} for n in range(1001, 1151)}
            job = Job(self.folder, script.service.url, fields=ALIKE, settling_time='"300ms"', connections=2)
            job.write([customer(9)])
            script.next_id = 2000
            creates.extend([0, 0])
            self.finished(job, 0, created=1)
            creates.clear()
            script.clients.update(others)
            job.write([customer(9), *rows])
            self.finished(job, 0, created=2, unchanged=1)
            del script.clients[2000]
            for number in others:
                del script.clients[number]
            self.assert_own_clients(job, script, rows)

    def test_while_a_twin_is_under_way_nothing_is_asked(self):
        creates = []

        def plan(_parameters):
            creates.append(1)
            return (False, 0, 502) if len(creates) == 1 else (True, 4, 200)

        rows = [customer(n, **{"E-mail": "x@x.pl", "Imię": "", "Nazwisko": "Kowalski"}) for n in (1, 2)]
        with Script(plan) as script:
            job = Job(self.folder, script.service.url, fields=ALIKE, connections=2)
            job.write(rows)
            self.finished(job, 0, created=2)
            # The guard of the first create; two searches before the twin's answer and two after it, of two pages each.
            self.assertLessEqual(script.methods.count("getCrmClients"), 1 + 8)

    def test_a_client_made_anew_whose_answer_is_lost_is_not_taken_for_the_old_one(self):
        lost = []
        fields = 'login = "Kod"\nemail = "E-mail"\n'
        with Script(lambda p: (False, 0, 502) if lost else (True, 0, 200)) as script:
            job = Job(self.folder, script.service.url, fields=fields, on_deleted='"recreate"')
            rows = [customer(1), customer(2)]
            job.write(rows)
            self.finished(job, 0, created=2)
            gone = next(n for n, c in script.clients.items() if c["login"] == "K00001")
            del script.clients[gone]
            lost.append(True)
            job.write([customer(1, **{"E-mail": "nowy@example.pl"}), customer(2)])
            self.assertNotEqual(job.run().returncode, 0)
            lost.clear()
            job.write(rows)
            self.finished(job, 0, created=1, unchanged=1)
            self.assertEqual(sorted(c["login"] for c in script.clients.values()), ["K00001", "K00002"])
            self.finished(job, 0, unchanged=2)


class Desk(ProcessTest):
    def test_creates_that_fail_again_do_not_block_a_full_desk(self):
        tries = {}

        def plan(parameters):
            count = tries[parameters["login"]] = tries.get(parameters["login"], 0) + 1
            return (False, 0, 502) if count <= 2 else (True, 0, 200)

        with Script(plan) as script:
            job = Job(self.folder, script.service.url, fields='login = "Kod"\n', stop_after_failures=1_000_000,
                      connections=16)
            rows = [customer(n) for n in range(1100)]
            job.write(rows)
            self.assert_summary(job.run("--max-runtime", "100s"), 0, created=len(rows))
            self.assertEqual(len(script.clients), len(rows))


if __name__ == "__main__":
    main()
