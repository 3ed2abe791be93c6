"""Answers that are not the request's own: interim ones, doubled ones, ids of other clients. Each row gets its own client."""
import json
import socket
import ssl
import subprocess
import threading
import urllib.parse

from harness import Job, ProcessTest, customer, main

JSON_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{}"


class RawService:
    """A service that speaks HTTP by hand: `say(number, form)` gives the bytes for the answer to request `number`."""

    def __init__(self, say):
        self.say, self.clients, self.connections = say, {}, 0
        self.lock = threading.Lock()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}/connector.php"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def greet(self, plain):
        return plain

    def send(self, connection, answers):
        connection.sendall(answers)

    def serve(self, plain):
        try:
            connection = self.greet(plain)
        except OSError:
            return
        with connection, connection.makefile("rb") as file:
            try:
                while file.readline():
                    length = 0
                    while (line := file.readline()) not in (b"\r\n", b""):
                        name, _, value = line.partition(b":")
                        length = int(value) if name.lower() == b"content-length" else length
                    form = {k: v[0] for k, v in urllib.parse.parse_qs(file.read(length).decode()).items()}
                    self.send(connection, self.answer(form["method"], json.loads(form["parameters"])))
            except OSError:
                pass

    def answer(self, method, parameters):
        with self.lock:
            if method == "getCrmClients":
                wanted = {k[7:]: str(v) for k, v in parameters.items() if k.startswith("filter_")}
                found = [{"crm_client_id": n, **c} for n, c in self.clients.items()
                         if all(v in (str(n) if k == "crm_client_id" else c.get(k, "")) for k, v in wanted.items())]
                return self.whole({"clients": found if parameters["page"] == 1 else []})
            number = parameters.pop("crm_client_id", 0)
            if not number:
                number = len(self.clients) + 1
                self.clients[number] = {}
            self.clients[number].update(parameters)
            return self.say(number, parameters)

    @staticmethod
    def whole(body):
        text = json.dumps({"status": "SUCCESS", **body})
        return JSON_HEAD.format(len(text), text).encode()

    def close(self):
        self.server.close()


class TlsService(RawService):
    """The same under TLS: each HTTP answer is a record of its own, and all of them come in one TCP segment."""

    def __init__(self, say, certificate, key):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        super().__init__(say)
        self.url = self.url.replace("http://127.0.0.1", "https://localhost")

    def greet(self, plain):
        return self.context.wrap_socket(plain, server_side=True)

    def send(self, connection, answers):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        for answer in answers.split(b"HTTP/1.1")[1:]:
            connection.sendall(b"HTTP/1.1" + answer)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)


class StrayAnswers(ProcessTest):
    def shop(self, say, rows=12, **options):
        service = RawService(say)
        self.addCleanup(service.close)
        job = Job(self.folder, service.url, fields='login = "Kod"\nemail = "E-mail"\n', **{"connections": 1, **options})
        job.write([customer(n) for n in range(rows)])
        return service, job

    def assert_own(self, service, job):
        ids = {e["key"]: int(e["crm_client_id"]) for e in job.export()}
        self.assertEqual({key: service.clients[number]["login"] for key, number in ids.items()}, {key: key for key in ids})
        self.assertEqual(len({c["login"] for c in service.clients.values()}), len(service.clients), "a duplicate")

    def test_interim_answers_shift_nothing(self):
        interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
        service, job = self.shop(lambda number, _: interim + RawService.whole({"crm_client_id": number}))
        self.assert_summary(job.run(), 0, created=12)
        self.assert_own(service, job)
        self.assertEqual(service.connections, 2)  # one asked whether there are clients

    def test_a_second_answer_behind_the_first_leaves_the_create_in_doubt(self):
        twice = lambda number, _: RawService.whole({"crm_client_id": number}) * (2 if number % 3 == 0 else 1)
        service, job = self.shop(twice)
        done = job.run()
        self.assert_summary(done, 0, created=12)
        self.assertEqual(done.summary["found"], 4)
        self.assert_own(service, job)

    def test_a_second_answer_in_a_tls_record_of_its_own_is_not_the_next_creates(self):
        certificate, key = self.folder / "c.pem", self.folder / "k.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                       check=True, capture_output=True)
        stray = lambda number, _: (RawService.whole({"crm_client_id": number}) +
                                   (RawService.whole({"crm_client_id": number + 500}) if number % 3 == 0 else b""))
        service = TlsService(stray, certificate, key)
        self.addCleanup(service.close)
        job = Job(self.folder, service.url, fields='login = "Kod"\nemail = "E-mail"\n', connections=1, ca_file='"c.pem"')
        job.write([customer(n) for n in range(12)])
        done = job.run()
        self.assert_summary(done, 0, created=12)
        self.assertEqual(done.summary["found"], 4)
        self.assert_own(service, job)

    def test_an_id_that_another_key_has_is_not_believed(self):
        wrong = lambda number, _: RawService.whole({"crm_client_id": 1 if number == 5 else number})
        service, job = self.shop(wrong)
        done = job.run()
        self.assert_summary(done, 0, created=12)
        self.assertEqual(done.summary["found"], 1)
        self.assert_own(service, job)

    def test_an_id_that_a_stranger_was_given_a_moment_before_is_named_by_audit(self):
        """Nothing in the API tells it when it is answered."""
        def say(number, _):
            if number != 5:
                return RawService.whole({"crm_client_id": number})
            service.clients[6] = {"login": "obcy", "email": "obcy@example.pl"}
            return RawService.whole({"crm_client_id": 6})

        service, job = self.shop(say)
        self.assert_summary(job.run(), 0, created=12)
        done = job.json("audit")
        self.assertEqual(done.returncode, 1)
        named = {(f["finding"], f["crm_client_id"]) for f in done.said["findings"]}
        self.assertIn(("edited", 6), named, done.stdout)

    def test_an_update_that_is_answered_with_another_id_is_in_doubt_and_sent_again(self):
        wrong = []
        say = lambda number, _: RawService.whole({"crm_client_id": 11 if wrong and number == 5 else number})
        service, job = self.shop(say)
        self.assert_summary(job.run(), 0, created=12)
        wrong.append(True)
        job.write([customer(n, **{"E-mail": f"nowy{n}@example.pl"}) for n in range(12)])
        done = job.run()
        self.assert_summary(done, 1, updated=11, in_doubt=1)
        self.assertIn("the answer to the update of client 5 names client 11", done.summary["doubts"][0]["why"])
        self.assert_own(service, job)
        wrong.clear()
        self.assert_summary(job.run(), 0, updated=1, unchanged=11)
        self.assert_own(service, job)


if __name__ == "__main__":
    main()
