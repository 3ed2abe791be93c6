#!/usr/bin/env bash
# Installs what is missing, builds and runs every test. An argument names the preset
# (dev when absent; release, asan-ubsan, tsan); what follows goes to ctest.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
. config/install-packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}"
preset=${1:-dev}
[ $# -gt 0 ] && shift
cmake --preset "$preset" -DBASELOAD_TESTS=ON
cmake --build --preset "$preset"
case $preset in
dev | release)
    bash tests/package/fetch_archive.sh "build/$preset" || echo "the packages of an image cannot be fetched: its test is skipped" >&2
    ;;
esac
ctest --preset "$preset" --parallel "$(nproc)" "$@"
