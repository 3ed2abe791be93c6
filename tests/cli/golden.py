"""Golden tests of the command line: stdout, stderr and exit code of each command of a .t file.

A .t file is a page of text in which each indented `$ command` is run (`> ` continues it), and
what follows, indented, is what it must print: standard output as it is, standard error
behind `! `, and an exit code other than 0 as `[code]` at the end. Each file has an empty
folder of its own and a sandbox without a limit; $URL is its address, $DIR the folder.
What differs from run to run is replaced: $DIR, the sandbox's port, times, durations, processes.

    golden.py BASELOAD FILE.t [--update]     (--update writes what was printed into the file)
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

INDENT = "    "
REPLACED = [
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), "TIME"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d (info|warning|error)"), r"\1"),
    (re.compile(r"(run \d+, )(\d+ ms|\d+ s)$", re.MULTILINE), r"\1DURATION"),
    (re.compile(r"process \d+"), "process N"),
    (re.compile(r"(127\.0\.0\.1|localhost):\d+"), r"\1:PORT"),
    (re.compile(r"port \d{4,5} failed"), "port PORT failed"),
    # Debian's security updates raise it.
    (re.compile(r"(libpq|OpenSSL) \d+\.[\d.]+"), r"\1 VERSION"),
    (re.compile(r"on \S+, started TIME"), "on HOST, started TIME"),
]
TOOLS = {
    # How many requests have reached the sandbox.
    "requests": 'sqlite3 "$DIR/.tools/sandbox.db" "SELECT count(*) FROM request"',
    # Runs a command as a user who owns nothing, when the tests run as root.
    "unprivileged": 'if [ "$(id -u)" = 0 ]; then exec setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; fi; exec "$@"',
}


def parse(text):
    """Yields ("text", line) and ("command", script, expected output) in their order."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        if not lines[at].startswith(INDENT + "$ "):
            yield ("text", lines[at])
            at += 1
            continue
        script = [lines[at][len(INDENT) + 2:]]
        at += 1
        while at < len(lines) and lines[at].startswith(INDENT + "> "):
            script.append(lines[at][len(INDENT) + 2:])
            at += 1
        expected = []
        while at < len(lines) and lines[at].startswith(INDENT) and not lines[at].startswith(INDENT + "$ "):
            expected.append(lines[at][len(INDENT):])
            at += 1
        yield ("command", script, expected)


def printed(done, folder):
    out = done.stdout.splitlines() + ["! " + line for line in done.stderr.splitlines()]
    text = "\n".join(out).replace(str(folder), "$DIR")
    for pattern, replacement in REPLACED:
        text = pattern.sub(replacement, text)
    lines = [line.rstrip() for line in text.splitlines()]
    return lines + ([f"[{done.returncode}]"] if done.returncode else [])


def start_sandbox(folder):
    process = subprocess.Popen(["baseload", "sandbox", "--limit", "0", "--state", str(folder / ".tools/sandbox.db")],
                               stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


def set_up(folder, executable):
    """A world in which `baseload` is on the PATH and nothing of this machine's shows."""
    tools = folder / ".tools"
    tools.mkdir()
    folder.chmod(0o755)
    shutil.copy(executable, tools / "baseload")
    for name, script in TOOLS.items():
        (tools / name).write_text(f"#!/bin/bash\n{script}\n")
        (tools / name).chmod(0o755)
    os.environ.update(PATH=f"{tools}:/usr/local/bin:/usr/bin:/bin", DIR=str(folder), HOME=str(folder),
                      STATE_DIRECTORY=str(folder / ".tools/state"), BASELOAD_TOKEN="sandbox-token", LC_ALL="C.UTF-8",
                      TERM="dumb")


def main():
    executable, file = sys.argv[1], pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv
    result, failures, commands = [], 0, 0
    with tempfile.TemporaryDirectory(prefix="baseload-golden-") as name:
        folder = pathlib.Path(name)
        set_up(folder, executable)
        sandbox, os.environ["URL"] = start_sandbox(folder)
        try:
            for kind, *content in parse(file.read_text(encoding="utf-8")):
                if kind == "text":
                    result.append(content[0])
                    continue
                script, expected = content
                commands += 1
                done = subprocess.run(["bash", "-c", "\n".join(script)], cwd=folder, capture_output=True, text=True,
                                      timeout=120, check=False, stdin=subprocess.DEVNULL)
                found = printed(done, folder)
                if found != expected and not update:
                    failures += 1
                    print("$ " + "\n> ".join(script), "expected:", *expected, "found:", *found, sep="\n    ")
                result += [INDENT + ("> " if i else "$ ") + line for i, line in enumerate(script)]
                result += [INDENT + line for line in found]
        finally:
            sandbox.terminate()
            sandbox.wait()
    if update:
        file.write_text("\n".join(result) + "\n", encoding="utf-8")
    print(f"{file.name}: {commands} commands, {failures} failures")
    sys.exit(1 if failures or not commands else 0)


main()
