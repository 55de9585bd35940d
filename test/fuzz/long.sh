#!/bin/sh
# Long rounds of fuzzing, one process at a time at the lowest priority:
#
#   sh test/fuzz/long.sh FOLDER SECONDS [TARGET...]
#
# Needs clang with libFuzzer. FOLDER keeps the corpus, what was found (crash-*, timeout-*, leak-*), and a line for each
# round in log. Exit status 1 if something was found. The limit of one input is long: at this priority a busy machine
# gives a round little of its time.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
[ $# -ge 2 ] || { sed -n 2,9p "$0"; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd -P)
seconds=$2
shift 2
[ $# -gt 0 ] || set -- events chain facts messages texts
cd "$folder"
[ -d seeds ] || python3 "$root/test/fuzz/seeds.py" seeds
sources=$(find "$root/plugin/engine" -name '*.c' ! -name without_gnutls.c)
found=0
for target; do
    # shellcheck disable=SC2046,SC2086 # lists of words
    clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -I"$root/include" \
        -I"$root/plugin" -I"$root/plugin/engine" -DTLSWHY_BROTLI -DTLSWHY_ZSTD $(pkg-config --cflags glib-2.0 gio-2.0 gnutls libbrotlidec libzstd) -o "fuzz_$target" \
        "$root/test/fuzz/fuzz_$target.c" $sources $(pkg-config --libs glib-2.0 gio-2.0 gnutls libbrotlidec libzstd)
    mkdir -p "corpus/$target"
    G_SLICE=always-malloc nice -n 19 "./fuzz_$target" "-max_total_time=$seconds" -timeout=300 -report_slow_units=300 -rss_limit_mb=2048 \
        -max_len=65536 -print_final_stats=1 -artifact_prefix="$target-" "corpus/$target" "seeds/$target" \
        >"$target.out" 2>&1 || found=1
    echo "$(date -u +%FT%TZ) $target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$target.out") executions," \
        "$(find . -maxdepth 1 -name "$target-*" | wc -l) found" | tee -a log
done
exit $found
