#!/bin/sh
# valgrind memcheck over captures of all kinds: no error and no leak that comes from the plugin.
#
#   sh test/checks/valgrind.sh TLSWHY.SO [NTH] [PATTERN]
#
# Every NTH capture (40) of test/captures whose name has PATTERN. Wireshark has reports of its own: counted are those
# with the plugin among their callers, but for the nodes of a statistic: they are Wireshark's, and its tshark frees none.
# Exit status 1 if there are any.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
[ $# -ge 1 ] || { sed -n 2,8p "$0"; exit 2; }
plugin=$(realpath "$1")
for program in valgrind tshark; do
    command -v "$program" >/dev/null || { echo "valgrind.sh: $program is missing" >&2; exit 2; }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
version=$(tshark --version 2>/dev/null | sed -n 's/^TShark[^0-9]*\([0-9]*\.[0-9]*\)\..*/\1/p')
mkdir -p "$folder/plugins/$version/epan" "$folder/home" "$folder/none"
cp "$plugin" "$folder/plugins/$version/epan/tlswhy.so"
chmod -R a+rX "$folder" # Wireshark reads no such plugins when it runs as root
drop=
[ "$(id -u)" -ne 0 ] || { drop='setpriv --reuid=65534 --regid=65534 --clear-groups'; chown 65534 "$folder/home"; }

n=0 looked=0 found=0
for capture in "$root"/test/captures/*/*"${3:-}"*.pcapng; do
    n=$((n + 1))
    [ $((n % ${2:-40})) -eq 0 ] || continue
    cp "$capture" "$folder/capture.pcapng"
    chmod a+r "$folder/capture.pcapng"
    # GLib's slices off: each block is seen by itself
    # shellcheck disable=SC2086 # list of words
    $drop env HOME="$folder/home" WIRESHARK_PLUGIN_DIR="$folder/plugins" WIRESHARK_EXTCAP_DIR="$folder/none" \
        G_SLICE=always-malloc TZ=UTC valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \
        --num-callers=40 --keep-debuginfo=yes --fullpath-after= tshark -n -2 -V -r "$folder/capture.pcapng" -z tlswhy,report \
        -z tlswhy,tree >"$folder/out" 2>"$folder/err" || { echo "$capture: exit status $?"; found=$((found + 1)); }
    grep -q '^TLS failures' "$folder/out" || { echo "$capture: no report" >&2; exit 2; }
    # one report is a paragraph of lines that begin with ==PID==
    awk -v name="${capture#"$root/"}" '
        function end() { if (text !~ /: stats_tree_(create_node|manip_node)/ && text ~ /tlswhy\.so|[ (\/]plugin\/(engine|epan)\//) { print name; printf "%s", text; bad++ } text = "" }
        /^==[0-9]+== *$/ { end(); next }
        /^==[0-9]+== / { text = text $0 "\n" }
        END { end(); print bad + 0 > "/dev/stderr" }' "$folder/err" 2>"$folder/bad"
    found=$((found + $(cat "$folder/bad")))
    looked=$((looked + 1))
done
echo "$looked captures, $found reports of valgrind with the plugin"
[ "$found" -eq 0 ] && [ "$looked" -gt 0 ]
