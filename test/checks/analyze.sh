#!/bin/sh
# Static analysis of the plugin: gcc -fanalyzer, cppcheck and clang-tidy must report nothing.
#
#   sh test/checks/analyze.sh [FILE.c...]
#
# Needs cmake, gcc, cppcheck and clang-tidy. What is left out stands, with the reason, in .clang-tidy and in
# test/checks/analyze.suppressions.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)
cd "$root" || exit 2
for program in cmake gcc cppcheck clang-tidy; do
    command -v "$program" >/dev/null || { echo "analyze.sh: $program is missing" >&2; exit 2; }
done
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
CC=gcc cmake -S . -B "$build" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DTLSWHY_HARDENING=OFF >"$build/log" 2>&1 ||
    { cat "$build/log"; exit 2; }
[ $# -gt 0 ] || set -- plugin/engine/*/*.c plugin/epan/*.c plugin/epan/*/*.c
bad=0

engine="$(pkg-config --cflags glib-2.0 gio-2.0 gnutls libbrotlidec libzstd) -DTLSWHY_BROTLI -DTLSWHY_ZSTD"
epan="$engine $(pkg-config --cflags wireshark)"
for file; do
    case $file in plugin/epan/*) flags=$epan ;; *) flags=$engine ;; esac
    # shellcheck disable=SC2086 # list of words
    gcc -std=c11 -O2 -fanalyzer -Werror -Iinclude $flags -DTLSWHY_VERSION='"0"' -c -o "$build/object" "$file" || bad=1
    # shellcheck disable=SC2086 # list of words
    clang-tidy --quiet -p "$build" "$file" 2>"$build/err" || { cat "$build/err"; bad=1; }
done
cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
    --suppressions-list=test/checks/analyze.suppressions -Iinclude -Iplugin -Iplugin/engine -Iplugin/epan --library=gtk "$@" || bad=1

[ $bad -eq 0 ] && echo "nothing found in $# files"
exit $bad
