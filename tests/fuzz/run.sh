#!/usr/bin/env bash
# Fuzzes one target under sanitizers and keeps what it learnt as seeds:
#   bash tests/fuzz/run.sh csv|job|answer|dialect|workbook|sandbox [SECONDS]
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"
. config/install-packages.sh
install_packages "${build_packages[@]}" "${test_packages[@]}" "${fuzz_packages[@]}"
target=$1
seconds=${2:-1200}
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz --target "baseload_fuzz_$target"
seeds=tests/fuzz/seeds/$target
work=build/fuzz/corpus-$target
mkdir -p "$work" "$seeds"
dictionary=tests/fuzz/$target.dict
"build/fuzz/tests/fuzz/baseload_fuzz_$target" "$work" "$seeds" -max_total_time="$seconds" -max_len=20000 -timeout=25 \
    -rss_limit_mb=4096 -print_final_stats=1 -artifact_prefix="build/fuzz/$target-" \
    $([ -f "$dictionary" ] && echo "-dict=$dictionary")
# The smallest set that reaches the same code, small inputs alone.
rm -rf "$seeds.new" && mkdir "$seeds.new"
"build/fuzz/tests/fuzz/baseload_fuzz_$target" -merge=1 -max_len=2000 "$seeds.new" "$seeds" "$work" 2>/dev/null
rm -rf "$seeds" && mv "$seeds.new" "$seeds"
echo "$(ls "$seeds" | wc -l) seeds kept in $seeds"
