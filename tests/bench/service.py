"""The services that the programs of the benchmark send to."""
import contextlib
import socket
import subprocess


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(*command):
    """A program that says on standard output that it is ready, and is stopped at the end."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
    try:
        first_line = process.stdout.readline()
        if not first_line:
            raise RuntimeError(f"{command[0]} did not start")
        yield first_line
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
