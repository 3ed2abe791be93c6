#!/usr/bin/env bash
# Measures the release build against peers in the same run, and prints ratios: the nightly
# rerun of an unchanged file (against wc and a Python script), and sending to a service that
# answers at once (against wrk). ROWS and SENT set the sizes. It checks nothing.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$top/config/install-packages.sh"
install_packages "${build_packages[@]}" python3 nginx-light wrk
cd "$top"
cmake --preset release -DBASELOAD_TESTS=OFF >/dev/null
cmake --build --preset release
exec python3 -B tests/bench/bench.py build/release/baseload "${ROWS:-1000000}" "${SENT:-100000}"
