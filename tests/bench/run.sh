#!/usr/bin/env bash
# Measures the release build beside its peers in the same run, and prints one table.
#
#   run.sh [--quick | --full] [--only WORK,…] [--pairs N] [--json FILE]
#
# --quick takes under three minutes (once all is installed and built), --full also measures ten million rows and the
# request limit. The peers' npm packages are kept under build/bench. compare.py compares what two runs wrote by --json.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$top/config/install-packages.sh"
install_packages "${build_packages[@]}" "${bench_packages[@]}"
command -v npm >/dev/null || install_packages nodejs npm

peers=$top/build/bench/peers
mkdir -p "$peers"
if ! cmp -s "$top/tests/bench/peers/package.json" "$peers/installed.json"; then
    cp "$top/tests/bench/peers/package.json" "$peers"
    echo "installing the peers' npm packages; one of them is compiled"
    # Compiled at once, with Node's own headers where they are installed.
    [ -d /usr/include/node ] && export npm_config_nodedir=/usr
    (cd "$peers" && npm_config_build_from_source=true npm install --no-audit --no-fund --loglevel=error)
    cp "$peers/package.json" "$peers/installed.json"
fi
cp "$top"/tests/bench/peers/*.mjs "$peers"

cmake -S "$top" --preset release -DBASELOAD_TESTS=OFF >/dev/null
cmake --build "$top/build/release" --target baseload baseload_bench_service baseload_instructions
exec /usr/bin/python3 -B "$top/tests/bench/bench.py" "$top/build/release" "$peers" "$@"
