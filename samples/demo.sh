#!/usr/bin/env bash
# Shows an import from beginning to end against the sandbox, a stand-in for the API on this
# machine: installs what is missing, builds, imports samples/clients.csv, runs again, changes
# three cells, runs again. Nothing leaves this machine; it stops what it started.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$top/config/install-packages.sh"
install_packages "${build_packages[@]}"

echo "building (a few minutes the first time) …"
log=$top/build/demo-build.log
mkdir -p "$top/build"
(cd "$top" && cmake --preset release -DBASELOAD_TESTS=OFF && cmake --build --preset release) >"$log" 2>&1 || {
    tail -n 40 "$log" >&2
    echo "the build failed; all of its output is in $log" >&2
    exit 1
}
baseload=$top/build/release/baseload

# A fresh folder for what the demonstration makes.
folder=$top/build/demo
rm -rf "$folder"
mkdir -p "$folder"
export STATE_DIRECTORY=$folder/state BASELOAD_TOKEN=sandbox-token

"$baseload" sandbox --limit 100 --state "$folder/sandbox.db" >"$folder/sandbox.url" 2>"$folder/sandbox.log" &
sandbox=$!
trap 'kill "$sandbox" 2>/dev/null || true; wait "$sandbox" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    [ -s "$folder/sandbox.url" ] && break
    kill -0 "$sandbox" 2>/dev/null || { cat "$folder/sandbox.log" >&2; exit 1; }
    sleep 0.1
done
url=$(cat "$folder/sandbox.url")
echo "the sandbox listens at $url"

cp "$top/samples/clients.csv" "$folder/clients.csv"
sed "s|^url = .*|url = \"$url\"|" "$top/samples/clients.toml" >"$folder/clients.toml"

# Two rows of the file are wrong on purpose, so a run ends with exit code 1: finished, and
# some rows need a person.
import() {
    local code=0
    echo
    echo "== $1"
    shift
    echo "\$ baseload run clients.toml $*"
    (cd "$folder" && "$baseload" run clients.toml "$@") || code=$?
    echo "exit code $code"
    [ "$code" -eq 1 ]
}
import "The first run creates the customers" --yes --rejects rejects.csv --summary summary.json --report report.html
import "The second run finds nothing changed and sends nothing" --summary second.json
sed -i -e 's/klient02@example.com/nowy.adres@example.com/' \
       -e '/^00003;/s/16:00/18:00/' \
       -e '/^00006;/s/+48 [0-9 ]*/+48 600 700 800/' "$folder/clients.csv"
import "Three cells changed: three updates, one field each" --summary third.json

echo
echo "the rejected rows, with reasons: $folder/rejects.csv"
echo "the report for people, to be opened in a browser: $folder/report.html"
echo "the summaries as JSON:           $folder/summary.json, second.json, third.json"
echo "the journal (key -> client):     $folder/clients.journal"
printf '    %q export %q\n' "$baseload" "$folder/clients.toml"
