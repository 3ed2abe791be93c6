"""A PostgreSQL of the test's own: a cluster in a folder of its own, on a free port of this machine.

    postgres.py COMMAND...     runs the command beside one, with PGHOST, PGPORT and PGUSER set, and removes it again.
                               PGCA is the certificate of its authority, PGSTANDBY the port of a hot standby, and the
                               user importer has a password ("secret") and no rights
"""
import contextlib
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
SUPERUSER = "postgres"
SECONDS = 60  # after which a server is taken for hung


def as_owner(command):
    """The server refuses to run as root; then it runs as the user that its package made."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command] if os.geteuid() == 0 else command


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """A running server. `settings`: lines of postgresql.conf; `rules`: of pg_hba.conf, before those that trust all.
    Its folder is made in `parent`."""

    def __init__(self, settings=(), rules=(), parent=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baseload-postgres-", dir=parent))
        self.port = free_port()
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.data = self.folder / "data"
        self.program("initdb", "--pgdata", self.data, "--username", SUPERUSER, "--auth=trust", "--encoding=UTF8",
                     "--locale=C", "--no-sync")
        self.set(f"port = {self.port}", "listen_addresses = '127.0.0.1'", f"unix_socket_directories = '{self.folder}'",
                 "logging_collector = off", *settings)
        access = self.data / "pg_hba.conf"
        access.write_text("".join(f"{rule}\n" for rule in rules) + access.read_text(encoding="utf-8"), encoding="utf-8")
        self.start()

    def set(self, *lines):
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as out:
            out.writelines(f"{line}\n" for line in lines)

    def program(self, name, *arguments, check=True):
        done = subprocess.run(as_owner([str(BINARIES / name), *map(str, arguments)]), cwd=self.folder, capture_output=True, text=True,
                              timeout=SECONDS, check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")
        return done

    def start(self):
        # Its output to a file: a pipe would be held open by the server.
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            started = subprocess.run(as_owner([str(BINARIES / "pg_ctl"), "start", "--pgdata", str(self.data), "--wait"]),
                                     cwd=self.folder, stdout=log, stderr=log, timeout=SECONDS, check=False)
        if started.returncode != 0:
            raise RuntimeError((self.folder / "log").read_text(encoding="utf-8", errors="replace"))

    def stop(self, mode="fast"):
        self.program("pg_ctl", "stop", "--pgdata", self.data, "--mode", mode, "--wait", check=False)

    def restart(self, mode="immediate"):
        self.stop(mode)
        self.start()

    def remove(self):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, user=SUPERUSER, database="postgres", port=None, **options):
        query = "&".join(f"{name}={value}" for name, value in options.items())
        return f"postgresql://{user}@127.0.0.1:{port or self.port}/{database}" + (f"?{query}" if query else "")

    def sql(self, statements, user=SUPERUSER, database="postgres"):
        """What psql prints, a row a line, columns parted by |."""
        done = subprocess.run([str(BINARIES / "psql"), "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1",
                               self.url(user, database)], input=statements, capture_output=True, text=True, timeout=SECONDS,
                              check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()


@contextlib.contextmanager
def cluster(*arguments, **options):
    made = Cluster(*arguments, **options)
    try:
        yield made
    finally:
        made.remove()


def make_certificates(folder):
    """An authority, and a certificate of it for the name localhost."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=SECONDS)

    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test CA")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (folder / "names").write_text("subjectAltName = DNS:localhost", encoding="utf-8")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "names", "-out", "server.pem")


def give_to_owner(*files):
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        for file in files:
            os.chown(file, owner.pw_uid, owner.pw_gid)


class Standby(Cluster):
    """Follows another server, and can be read from."""

    def __init__(self, primary):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="baseload-postgres-"))
        give_to_owner(self.folder)
        self.port = free_port()
        self.data = self.folder / "data"
        self.program("pg_basebackup", "--pgdata", self.data, "--dbname", primary.url(), "--write-recovery-conf",
                     "--checkpoint=fast", "--no-sync")
        self.set(f"port = {self.port}", f"unix_socket_directories = '{self.folder}'")
        self.start()

    def promote(self):
        self.program("pg_ctl", "promote", "--pgdata", self.data, "--wait")


def main():
    rules = ["host all importer 127.0.0.1/32 scram-sha-256", "hostssl all importer ::1/128 scram-sha-256"]
    with cluster(rules=rules) as server, tempfile.TemporaryDirectory(prefix="baseload-certificates-") as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        make_certificates(folder)
        for file in ("server.key", "server.pem"):
            shutil.copy(folder / file, server.data / file)
            give_to_owner(server.data / file)
            (server.data / file).chmod(0o600)
        server.set("ssl = on", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key'")
        server.restart("fast")
        server.sql("CREATE ROLE importer LOGIN PASSWORD 'secret'")
        standby = Standby(server)
        environment = {**os.environ, "PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": SUPERUSER,
                       "PGCA": str(folder / "ca.pem"), "PGSTANDBY": str(standby.port)}
        try:
            code = subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            standby.remove()
    sys.exit(code)


if __name__ == "__main__":
    main()
