#!/usr/bin/env bash
# Measures the release build against peers in the same run, and prints ratios: the nightly
# rerun of an unchanged file (against wc and a Python script), and sending to a service that
# answers at once (against wrk), and the reading of a workbook (against openpyxl). ROWS, SENT and
# SHEET_ROWS set the sizes. It checks nothing.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
. "$top/config/install-packages.sh"
install_packages "${build_packages[@]}" python3 python3-openpyxl python3-xlsxwriter nginx-light wrk
cd "$top"
cmake --preset release -DBASELOAD_TESTS=OFF >/dev/null
cmake --build --preset release
/usr/bin/python3 -B tests/bench/workbook.py build/release/baseload "${SHEET_ROWS:-100000}"
exec python3 -B tests/bench/bench.py build/release/baseload "${ROWS:-1000000}" "${SENT:-100000}"
