"""HTTPS with a certificate authority made on the spot."""
import socket
import ssl
import subprocess
import threading

from harness import Job, ProcessTest, customer, main


class Certificates(ProcessTest):
    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make_authority(self, name):
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem",
                     "-days", "2", "-subj", f"/CN={name}")

    def make_certificate(self, name, host, authority="ca", *validity):
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                     "-subj", f"/CN={name}")
        (self.folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\nbasicConstraints=CA:FALSE\n")
        # `openssl ca` alone can date a certificate back.
        (self.folder / "ca.cnf").write_text(
            "[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=.\ndatabase=index.txt\nserial=serial\ndefault_md=sha256\n"
            "policy=p\n[p]\ncommonName=supplied\n")
        (self.folder / "index.txt").touch()
        (self.folder / "serial").write_text("%032x\n" % (hash(name) % 2**64 + 1))
        self.openssl("ca", "-batch", "-config", "ca.cnf", "-cert", f"{authority}.pem", "-keyfile", f"{authority}.key",
                     "-in", f"{name}.csr", "-out", f"{name}.pem", "-extfile", f"{name}.ext", "-notext",
                     *(validity or ("-days", "2")))

    def run_against(self, name):
        sandbox = self.sandbox("--limit", "0", "--tls-cert", str(self.folder / f"{name}.pem"),
                               "--tls-key", str(self.folder / f"{name}.key"))
        url = sandbox.url.replace("127.0.0.1", "localhost")
        job = Job(self.folder, url, ca_file='"ca.pem"', give_up_after='"200ms"', connections=2)
        job.write([customer(n) for n in range(10)])
        done = job.run()
        return sandbox, done

    def assert_refused(self, name, reason):
        sandbox, done = self.run_against(name)
        self.assert_summary(done, 3, not_reached=10)
        self.assertIn(reason, done.summary["stopped_because"])
        self.assertEqual(sandbox.requests(), 0)

    def test_a_good_certificate_is_taken(self):
        self.make_authority("ca")
        self.make_certificate("good", "localhost")
        sandbox, done = self.run_against("good")
        self.assert_summary(done, 0, created=10)
        self.assert_each_once(sandbox, [customer(n) for n in range(10)])

    def test_a_connection_that_ends_early_in_every_way_makes_no_duplicate(self):
        self.make_authority("ca")
        self.make_certificate("good", "localhost")
        sandbox = self.sandbox("--limit", "0", "--tls-cert", str(self.folder / "good.pem"), "--tls-key",
                               str(self.folder / "good.key"), "--seed", "4", "--faults",
                               "drop-before=0.05,drop-after=0.05,reset-before=0.05,reset-after=0.05,cut-off=0.05,"
                               "garbage=0.05,empty=0.05")
        job = Job(self.folder, sandbox.url.replace("127.0.0.1", "localhost"), ca_file='"ca.pem"', stop_after_failures=1000)
        rows = [customer(n) for n in range(60)]
        job.write(rows)
        done = job.run()
        self.assert_summary(done, 0, created=60)
        self.assertGreater(done.summary["found"], 0)
        self.assert_each_once(sandbox, rows)

    def test_a_certificate_for_another_host_is_refused(self):
        self.make_authority("ca")
        self.make_certificate("other", "example.com")
        self.assert_refused("other", "is not to be trusted (hostname mismatch)")

    def test_an_expired_certificate_is_refused(self):
        self.make_authority("ca")
        self.make_certificate("expired", "localhost", "ca", "-startdate", "20200101000000Z", "-enddate", "20200102000000Z")
        self.assert_refused("expired", "is not to be trusted (certificate has expired)")

    def test_a_certificate_of_an_unknown_authority_is_refused(self):
        self.make_authority("ca")
        self.make_authority("stranger")
        self.make_certificate("unknown", "localhost", "stranger")
        self.assert_refused("unknown", "is not to be trusted (unable to get local issuer certificate)")

    def serve_tls(self, configure):
        """One TLS server of the test's own; `configure` sets its context up. Returns its URL."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "good.pem", self.folder / "good.key")
        configure(context)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)

        def serve():
            while True:
                try:
                    plain, _ = listener.accept()
                except OSError:
                    return
                try:
                    with context.wrap_socket(plain, server_side=True) as connection:
                        connection.recv(65536)
                        connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n{"status":"SUCCESS","crm_client_id":42}')
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        return f"https://localhost:{listener.getsockname()[1]}/"

    def test_the_host_is_named_to_the_server(self):
        self.make_authority("ca")
        self.make_certificate("good", "localhost")
        named = []
        url = self.serve_tls(lambda context: setattr(context, "sni_callback", lambda s, name, c: named.append(name)))
        job = Job(self.folder, url, ca_file='"ca.pem"', connections=1)
        job.write([customer(1)])
        self.assert_summary(job.run("--first-run"), 0, created=1)
        self.assertEqual(set(named), {"localhost"})

    def test_a_server_that_speaks_nothing_newer_than_tls_1_1_is_refused(self):
        self.make_authority("ca")
        self.make_certificate("good", "localhost")

        def old(context):
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1

        url = self.serve_tls(old)
        job = Job(self.folder, url, ca_file='"ca.pem"', give_up_after='"200ms"', connections=1)
        job.write([customer(1)])
        done = job.run()
        self.assert_summary(done, 3, not_reached=1)
        self.assertIn("TLS with localhost failed", done.summary["stopped_because"])

    def test_a_ca_file_that_is_no_certificate_is_named(self):
        (self.folder / "ca.pem").write_text("nothing")
        job = Job(self.folder, "https://localhost:1/", ca_file='"ca.pem"')
        job.environment["BASELOAD_TOKEN"] = "x"
        job.write([customer(1)])
        done = job.call("run")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("[account] ca_file must name a PEM file", done.stderr)


if __name__ == "__main__":
    main()
