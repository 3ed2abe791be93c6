"""What is installed: by `cmake --install`, and by the Debian package in a Debian of its own.

    package_test.py BUILD_FOLDER
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import yaml

BUILD = pathlib.Path(sys.argv[1]).resolve()
TOP = pathlib.Path(__file__).resolve().parents[2]


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


class Installed(unittest.TestCase):
    """cmake --install with a prefix of the user's own."""

    @classmethod
    def setUpClass(cls):
        cls.folder_ = tempfile.TemporaryDirectory(prefix="baseload-install-")
        cls.prefix = pathlib.Path(cls.folder_.name) / "a b"
        run("cmake", "--install", str(BUILD), "--prefix", str(cls.prefix))

    @classmethod
    def tearDownClass(cls):
        cls.folder_.cleanup()

    def test_the_program_runs_and_the_units_start_it_where_it_is(self):
        self.assertIn("built with Boost", run(str(self.prefix / "bin/baseload"), "--version"))
        unit = (self.prefix / "lib/systemd/system/baseload@.service").read_text()
        self.assertIn(f"ExecStart={self.prefix}/bin/baseload run", unit)

    def test_bash_completes_commands_options_words_and_files(self):
        script = self.prefix / "share/bash-completion/completions/baseload"

        def completed(*words):
            return run("bash", "-c", f'source "{script}"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _baseload 2>/dev/null; '
                                     'printf "%s\\n" "${COMPREPLY[@]}"', "bash", *words, cwd=TOP).split()

        self.assertEqual(completed("baseload", "re"), ["report", "resolve"])
        self.assertEqual(completed("baseload", "run", "x.toml", "--rej"), ["--rejects"])
        self.assertEqual(completed("baseload", "run", "--log-format", ""), ["text", "json"])
        self.assertIn("samples/clients.toml", completed("baseload", "run", "samples/cl"))

    def test_zsh_and_fish_read_theirs(self):
        run("zsh", "-n", str(self.prefix / "share/zsh/vendor-completions/_baseload"))
        run("fish", "-n", str(self.prefix / "share/fish/vendor_completions.d/baseload.fish"))

    def test_the_manual_has_every_command_and_every_option_of_a_job(self):
        pages = {}
        for page in ("baseload.1", "baseload-job.5", "baseload-faults.7"):
            pages[page] = run("zcat", str(self.prefix / f"share/man/man{page[-1]}/{page}.gz")).replace("\\", "")
        for line in run(str(self.prefix / "bin/baseload"), "--help").partition("Subcommands:")[2].splitlines():
            if line.strip():
                self.assertIn(f".SS {line.split()[0]}", pages["baseload.1"])
        self.assertIn("--limit-rows", pages["baseload.1"])
        self.assertIn("max_missing", pages["baseload-job.5"])
        self.assertIn("bad_email", pages["baseload-faults.7"])


class Containers(unittest.TestCase):
    """No cluster is asked here: what it is told must at least be what the program takes. image_test.py makes the image."""

    def test_the_cron_job_starts_a_run_as_nobody_and_tries_again_what_may_go_better(self):
        job = self.read("cronjob")
        self.assertEqual((job["apiVersion"], job["kind"], job["spec"]["concurrencyPolicy"]), ("batch/v1", "CronJob", "Forbid"))
        self.check(job["spec"]["jobTemplate"]["spec"], "FailJob")

    def test_each_pod_of_the_indexed_job_has_its_shard(self):
        job = self.read("indexed-job")
        work = job["spec"]
        self.assertEqual((job["apiVersion"], job["kind"], work["completionMode"]), ("batch/v1", "Job", "Indexed"))
        self.assertEqual(work["completions"], work["parallelism"])
        container = self.check(work, "FailIndex", JOB_COMPLETION_INDEX="2")
        self.assertEqual(container["args"][-3:-1], ["--shard", f"env/{work['completions']}"])
        # A later one is not there.
        done = self.run_as(container, JOB_COMPLETION_INDEX=str(work["completions"]))
        self.assertIn("is no shard", done.stderr)

    def read(self, name):
        return yaml.safe_load((TOP / f"config/kubernetes/{name}.yaml").read_text(encoding="utf-8"))

    def run_as(self, container, **environment):
        return subprocess.run([str(BUILD / "baseload"), *container["args"]], env={**os.environ, **environment}, capture_output=True,
                              text=True, check=False)

    def check(self, work, action, **environment):
        pod = work["template"]["spec"]
        (container,) = pod["containers"]
        self.assertTrue(pod["securityContext"]["runAsNonRoot"] and container["securityContext"]["readOnlyRootFilesystem"])
        volumes = {volume["name"] for volume in pod["volumes"]}
        self.assertEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)
        # Kubernetes takes a failure policy with pods that are not restarted alone.
        self.assertEqual(pod["restartPolicy"], "Never")
        (rule,) = work["podFailurePolicy"]["rules"]
        self.assertEqual((rule["action"], rule["onExitCodes"]["values"]), (action, [1, 2, 4]))
        self.assertEqual(rule["onExitCodes"]["containerName"], container["name"])
        secret = self.read("secret")
        (source,) = container["envFrom"]
        self.assertEqual((secret["kind"], secret["metadata"]["name"]), ("Secret", source["secretRef"]["name"]))
        self.assertEqual(set(secret["stringData"]), {"BASELOAD_TOKEN", "PGPASSWORD"})
        done = self.run_as(container, **environment)
        self.assertEqual((done.returncode, "/job/shop.toml" in done.stderr), (2, True), done.stderr)
        return container

    def test_the_image_is_of_this_version(self):
        image = re.search(r"image: baseload:(\S+)", (TOP / "config/kubernetes/cronjob.yaml").read_text(encoding="utf-8"))[1]
        self.assertTrue(run(str(BUILD / "baseload"), "--version").startswith(f"baseload {image}\n"))


class Units(unittest.TestCase):
    def test_systemd_takes_them_and_finds_little_exposed(self):
        with tempfile.TemporaryDirectory(prefix="baseload-units-") as folder:
            units = []
            for unit in (TOP / "config/systemd").iterdir():
                # A blank would end the program's name (systemd.service(5), "Command lines").
                text = unit.read_text().replace("/usr/bin/baseload", str(BUILD / "baseload").replace(" ", r"\x20"))
                path = pathlib.Path(folder) / unit.name
                path.write_text(text.replace("/usr/bin/mail", "/bin/true"))
                units.append(str(path))
            done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True,
                                  check=False)
            # What is wrong with the machine's own units is none of ours.
            self.assertEqual([line for line in done.stderr.splitlines() if "baseload" in line], [])
            # In tenths.
            run("systemd-analyze", "security", "--offline=true", "--threshold=20", f"{folder}/baseload@.service")


def with_dependencies(packages):
    """The packages, and all that they depend on, as this machine has them."""
    providers = {}
    for line in run("dpkg-query", "-W", "-f", "${Package}\t${Provides}\n").splitlines():
        package, _, provided = line.partition("\t")
        for name in re.findall(r"(?:^|,)\s*([a-z0-9][a-z0-9+.-]+)", provided):
            providers.setdefault(name, package)
    known, left = set(), list(packages)
    while left:
        package = left.pop()
        if package in known:
            continue
        left += [providers[package]] if package in providers else []
        shown = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}\n${Pre-Depends}, ${Depends}", package],
                               capture_output=True, text=True, check=False)
        status, _, depends = shown.stdout.partition("\n")
        if status != "installed":
            continue  # an alternative that is not chosen, or a virtual one
        known.add(package)
        left += re.findall(r"(?:^|[,|])\s*([a-z0-9][a-z0-9+.-]+)", depends)
    return known


@unittest.skipUnless(os.geteuid() == 0, "a root folder of its own takes root")
class Package(unittest.TestCase):
    def test_the_package_is_installed_in_a_root_folder_of_what_it_depends_on_run_there_and_removed(self):
        with tempfile.TemporaryDirectory(prefix="baseload-package-") as folder:
            run("cpack", "-G", "DEB", "-B", folder, cwd=BUILD)
            package, = pathlib.Path(folder).glob("*.deb")
            found = subprocess.run(["lintian", str(package)], capture_output=True, text=True, check=False).stdout
            self.assertEqual([line for line in found.splitlines() if line.startswith(("E:", "W:"))], [])
            depends = run("dpkg-deb", "-f", str(package), "Depends")
            names = re.findall(r"(?:^|,)\s*([a-z0-9][a-z0-9+.-]+)", depends)
            self.assertIn("libssl3", names)
            root = pathlib.Path(folder) / "root"
            for part in ("usr/lib", "usr/bin", "var/lib/dpkg/info", "tmp", "root", "dev"):
                (root / part).mkdir(parents=True)
            for link in ("lib", "lib64", "bin", "sbin"):
                (root / link).symlink_to(f"usr/{link}")
            for part in ("usr/lib64", "usr/sbin", "var/lib/dpkg/updates"):
                (root / part).mkdir(parents=True, exist_ok=True)
            for file in ("var/lib/dpkg/status", "var/lib/dpkg/available", "dev/null"):
                (root / file).touch()
            # No more than it says that it needs, and a shell.
            files = run("dpkg-query", "-L", *with_dependencies([*names, "bash", "coreutils"])).splitlines()
            listed = "\n".join(sorted({f[1:] for f in files if f != "/." and (os.path.islink(f) or os.path.isfile(f))}))
            run("tar", "-C", "/", "--create", "--file", f"{folder}/root.tar", "--files-from", "-", input=listed)
            run("tar", "-C", str(root), "--extract", "--keep-directory-symlink", "--file", f"{folder}/root.tar")
            run("dpkg", f"--root={root}", "--force-depends", "--force-script-chrootless", "-i", str(package))
            done = run("chroot", str(root), "/usr/bin/bash", "-ec", """
                cd /root
                baseload sandbox --limit 0 --state s.db > url & sandbox=$!
                for i in {1..300}; do [ -s url ] || sleep 0.1; done
                [ -s url ]
                cp /usr/share/doc/baseload/examples/clients.csv .
                printf '[source]\\npath = "clients.csv"\\n[account]\\nurl = "%s"\\n[key]\\ncolumns = ["Kod"]\\n[fields]\\nlogin = "Kod"\\n' "$(cat url)" > job.toml
                export BASELOAD_TOKEN=sandbox-token HOME=/root
                baseload run job.toml --json --report report.html || true
                kill $sandbox
                """)
            self.assertRegex(done, '"created":[1-9]')
            run("dpkg", f"--root={root}", "--force-depends", "-r", "baseload")
            self.assertEqual(list(root.glob("usr/**/*baseload*")), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:], verbosity=2)
