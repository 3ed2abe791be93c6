"""Benchmarks: see run.sh. Each program is measured as a child: wall time, CPU time, peak memory."""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

EXECUTABLE = os.path.abspath(sys.argv[1])
ROWS, SENT = int(sys.argv[2]), int(sys.argv[3])
CONNECTIONS = 64
COLUMNS = ["Kod", "E-mail", "Imię", "Nazwisko", "Telefon", "NIP", "Firma", "Ulica", "Kod pocztowy", "Miasto", "Województwo",
           "Kraj", "Uwagi"] + [f"Pole {n}" for n in range(1, 10)]
JOB = """
[source]
path = "clients.csv"
[account]
url = "{url}"
requests_per_minute = 0
connections = {connections}
[key]
columns = ["Kod"]
[fields]
login = "Kod"
email = "E-mail"
phone = "Telefon"
invoice_fullname = {{ template = "{{Imię}} {{Nazwisko}}" }}
invoice_tax_id = "NIP"
invoice_company = "Firma"
invoice_address = "Ulica"
invoice_postcode = "Kod pocztowy"
invoice_city = "Miasto"
invoice_state = "Województwo"
invoice_country_code = "Kraj"
notes = "Uwagi"
"""
NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json;
    return 200 '{{"status":"SUCCESS","crm_client_id":42}}'; }} }}
}}
"""
# What people write: reads the file, hashes each row, asks SQLite for the hash it had last time.
PYTHON_PEER = """
import csv, hashlib, sqlite3, sys
known = dict(sqlite3.connect(sys.argv[2]).execute("SELECT key, hash FROM client"))
changed = 0
with open(sys.argv[1], encoding="utf-8", newline="") as source:
    rows = csv.reader(source, delimiter=";")
    next(rows)
    for row in rows:
        changed += known.get(row[0]) != hashlib.blake2b("\\x1f".join(row).encode(), digest_size=16).digest()
print(changed)
"""
PYTHON_SEED = PYTHON_PEER.replace('known = dict(', 'store = sqlite3.connect(sys.argv[2]); store.execute("CREATE TABLE client (key PRIMARY KEY, hash)"); (').replace(
    'changed += known.get(row[0]) != ', 'store.execute("INSERT INTO client VALUES (?, ?)", (row[0], ').replace(
    'digest_size=16).digest()', 'digest_size=16).digest()))').replace('.execute("SELECT key, hash FROM client"))', ')').replace(
    'print(changed)', 'store.commit()')


def write_source(file, rows):
    with open(file, "w", encoding="utf-8") as out:
        out.write(";".join(COLUMNS) + "\n")
        for n in range(rows):
            notes = f'"linia 1; numer {n}\nlinia 2"' if n % 33 == 0 else f"stały klient numer {n}"
            out.write(f"K{n:08};klient{n}@example.pl;Zażółć;Gęślą-Jaźń;+48 600 {n % 1000:03} {n % 997:03};{5260000000 + n};"
                      f"Firma Przykładowa {n} sp. z o.o.;ul. Świętego Ducha {n % 200};00-{n % 1000:03};Kraków;małopolskie;PL;"
                      f"{notes};" + ";".join(f"wartość {n % 89} {c}" for c in range(1, 10)) + "\n")


def measure(command, **options):
    """(wall s, CPU s, peak MiB, standard output) of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - begin
    if process.returncode != 0:
        sys.exit(f"{command} ended with {process.returncode}: {out}")
    del before
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, out


def show(name, measured, note=""):
    wall, cpu, peak, _ = measured
    print(f"  {name:<34}{wall:8.2f} s  {cpu:7.2f} s CPU  {peak:7.0f} MiB  {note}")


def rerun(folder, url):
    print(f"the nightly rerun: {ROWS:,} rows, nothing changed")
    write_source(folder / "clients.csv", ROWS)
    (folder / "job.toml").write_text(JOB.format(url=url, connections=CONNECTIONS), encoding="utf-8")
    first = measure([EXECUTABLE, "run", "job.toml", "--quiet"], cwd=folder)
    show("(the first run, into nginx)", first, f"{ROWS / first[0]:,.0f} rows/s")
    subprocess.run([sys.executable, "-c", PYTHON_SEED, "clients.csv", "peer.db"], cwd=folder, check=True)
    lines = measure(["wc", "-l", "clients.csv"], cwd=folder)
    script = measure([sys.executable, "-c", PYTHON_PEER, "clients.csv", "peer.db"], cwd=folder)
    ours = sorted((measure([EXECUTABLE, "run", "job.toml", "--json"], cwd=folder, stderr=subprocess.DEVNULL)
                   for _ in range(3)), key=lambda m: m[0])[1]
    if f'"unchanged":{ROWS},' not in ours[3] or '"requests":0,' not in ours[3]:
        sys.exit("not everything was unchanged: " + ours[3])
    show("wc -l", lines)
    show("Python, csv and sqlite3", script)
    show("baseload run", ours, f"{ours[0] / script[0]:.2f} of the script's time, {ours[0] / max(lines[0], 0.001):.0f} times wc's")


def sending(folder, url):
    print(f"sending: {SENT:,} new rows over {CONNECTIONS} connections, intents and answers durable")
    write_source(folder / "clients.csv", SENT)
    body = folder / "post.lua"
    body.write_text('wrk.method = "POST"\nwrk.body = string.rep("x", 900)\n'
                    'wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"\n')
    wrk = measure(["wrk", "-t1", f"-c{CONNECTIONS}", "-d5s", "-s", str(body), url])
    ceiling = float(re.search(r"Requests/sec:\s*([\d.]+)", wrk[3])[1])
    for old in folder.glob("job.journal*"):
        old.unlink()
    ours = measure([EXECUTABLE, "run", "job.toml", "--json"], cwd=folder, stderr=subprocess.DEVNULL)
    rate = SENT / ours[0]
    print(f"  wrk: {ceiling:,.0f} requests/s")
    show("baseload run", ours, f"{rate:,.0f} rows/s, {rate / ceiling:.2f} of wrk's, {ours[1] / SENT * 10_000:.2f} s CPU per 10,000 rows")


def main():
    with tempfile.TemporaryDirectory(prefix="baseload-bench-") as name:
        folder = pathlib.Path(name)
        os.environ.update(BASELOAD_TOKEN="bench", STATE_DIRECTORY=str(folder / "state"))
        port = 18123
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
        nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", name, "-c", str(folder / "nginx.conf")])
        time.sleep(1)
        try:
            url = f"http://127.0.0.1:{port}/connector.php"
            rerun(folder, url)
            sending(folder, url)
        finally:
            nginx.terminate()
            nginx.wait()


main()
