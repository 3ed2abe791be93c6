"""The image that config/Containerfile describes, made without a container engine and without the network: its steps are done in
a Debian that mmdebstrap makes of the packages in BUILD_FOLDER/archive. Then what config/kubernetes/cronjob.yaml says of the
container is done with it: nobody's user, no rights, a root file system that cannot be written to.

    image_test.py BASELOAD     exit code 77: not possible here, and why
"""
import functools
import http.server
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import threading

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/process"))
import yaml  # noqa: E402
from database import DatabaseTest  # noqa: E402
from harness import EXECUTABLE, PATIENCE, customer, main  # noqa: E402

BUILD = pathlib.Path(EXECUTABLE).parent
ARCHIVE = BUILD / "archive"


def why_not():
    if os.geteuid() != 0:
        return "an image takes root"
    if not (ARCHIVE / "Packages").exists():
        return f"there are no packages in {ARCHIVE} (tests/package/fetch_archive.sh)"
    allowed = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False)
    return f"no file system can be mounted here: {allowed.stderr.strip()}" if allowed.returncode != 0 else None


class Instructions:
    """What a Containerfile says, as far as ours says it."""

    def __init__(self, file):
        text = re.sub(r"^#.*\n", "", file.read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
        self.base, self.user, self.entry, self.steps = None, None, None, []
        for line in filter(None, map(str.strip, text.splitlines())):
            name, value = line.split(maxsplit=1)
            if name == "FROM":
                self.base = value
            elif name == "USER":
                self.user = value
            elif name == "ENTRYPOINT":
                self.entry = json.loads(value)
            elif name in ("RUN", "COPY"):
                self.steps.append((name, value))
            else:
                raise AssertionError(f"{name}: not known to this test")

    def hooks(self, context):
        """The steps as mmdebstrap's, which hands each its root folder as $1."""
        for name, value in self.steps:
            if name == "COPY":
                pattern, target = value.split()
                yield f'cp "{context}"/{pattern} "$1"{target}'
            else:
                yield f'chroot "$1" /bin/sh -c {shlex.quote(value)}'


class Image(DatabaseTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory(prefix="baseload-image-")
        cls.addClassCleanup(folder.cleanup)
        cls.root, package = pathlib.Path(folder.name) / "root", pathlib.Path(folder.name) / "package"
        subprocess.run(["cpack", "-G", "DEB", "-B", package], cwd=BUILD, check=True, capture_output=True)
        cls.instructions = Instructions(TOP / "config/Containerfile")
        assert cls.instructions.base == "debian:bookworm-slim", cls.instructions.base

        class Quiet(http.server.SimpleHTTPRequestHandler):
            def log_message(self, *arguments):
                pass

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=ARCHIVE)) as archive:
            threading.Thread(target=archive.serve_forever, daemon=True).start()
            hooks = [f"--customize-hook={hook}" for hook in cls.instructions.hooks(package)]
            made = subprocess.run(["mmdebstrap", "--mode=root", "--variant=apt", *hooks, "", cls.root,
                                   f"deb [trusted=yes] http://127.0.0.1:{archive.server_port}/ ./"],
                                  capture_output=True, text=True, check=False, timeout=600)
            archive.shutdown()
        assert made.returncode == 0, made.stderr[-5000:]
        manifest = yaml.safe_load((TOP / "config/kubernetes/cronjob.yaml").read_text(encoding="utf-8"))
        cls.pod = manifest["spec"]["jobTemplate"]["spec"]["template"]["spec"]
        (cls.container,) = cls.pod["containers"]
        for mount in cls.container["volumeMounts"]:  # an engine makes them
            (cls.root / mount["mountPath"].lstrip("/")).mkdir(exist_ok=True)

    def inside(self, command, folders, **variables):
        """The command in the container; `folders`: what lies in which volume, a tmpfs when it is not named."""
        mounts = [f'mount --bind "{self.root}" "{self.root}"']
        mounts += [f'mount --options remount,bind,ro "{self.root}"', f'mount -t proc proc "{self.root}/proc"']
        for mount in self.container["volumeMounts"]:
            target = f'"{self.root}{mount["mountPath"]}"'
            if mount["name"] in folders:
                mounts.append(f'mount --bind "{folders[mount["name"]]}" {target}')
            else:
                mounts.append(f"mount -t tmpfs -o mode=1777 tmpfs {target}")
            if mount.get("readOnly"):
                mounts.append(f"mount --options remount,bind,ro {target}")
        user, group = self.instructions.user.split(":")
        limits = ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", "--inh-caps=-all",
                  "--bounding-set=-all"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **{v["name"]: v["value"] for v in self.container["env"]}, **variables}
        return subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-ec",
                               "; ".join(mounts) + '; exec chroot "$0" "$@"', self.root, *limits, *command],
                              env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE)

    def test_the_cron_jobs_container_runs_on_a_root_that_it_cannot_write_to_and_its_second_night_sends_nothing(self):
        rights = self.pod["securityContext"]
        self.assertEqual(self.instructions.user, f"{rights['runAsUser']}:{rights['runAsGroup']}")
        self.assertTrue(self.container["securityContext"]["readOnlyRootFilesystem"])
        sandbox = self.sandbox("--limit", "0")
        job = self.job(sandbox, name="shop")
        job.set('path = "job.csv"', 'path = "/source/clients.csv"')
        rows = [customer(n) for n in range(200)]
        job.write(rows)
        volumes = {name: self.folder / name for name in ("job", "source")}
        for volume in volumes.values():
            volume.mkdir()
        (volumes["job"] / "shop.toml").write_bytes(job.file.read_bytes())
        (volumes["source"] / "clients.csv").write_bytes(job.source.read_bytes())
        self.folder.chmod(0o755)

        # What is asked of the container holds in it.
        tried = self.inside(["sh", "-c", "id -u; ! touch /usr/x /source/x 2>/dev/null && touch /tmp/x && echo so"], volumes)
        self.assertEqual((tried.returncode, tried.stdout), (0, "65534\nso\n"), tried.stderr)

        secret = {"BASELOAD_TOKEN": job.environment["BASELOAD_TOKEN"], "PGPASSWORD": "unused"}
        command = [*self.instructions.entry, *self.container["args"]]
        first = self.inside(command, volumes, **secret)
        self.assertEqual((first.returncode, first.stdout, first.stderr), (0, "", ""))
        self.assert_each_once(sandbox, rows)
        sent = sandbox.requests()
        # Of the pod nothing is left; of the journal, all.
        again = self.inside(command, volumes, **secret)
        self.assertEqual((again.returncode, again.stdout, again.stderr), (0, "", ""))
        self.assertEqual(sandbox.requests(), sent)


if __name__ == "__main__":
    reason = why_not()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    main()
