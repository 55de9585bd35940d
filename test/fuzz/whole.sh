#!/bin/sh
# Builds the plugin with the sanitizers, and shows it damaged captures through tshark (whole.py):
#
#   sh test/fuzz/whole.sh SECONDS [ARGUMENT-OF-whole.py...]
#
# Needs what a build needs, tshark and editcap. Exit status 1 if something was found.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
[ $# -ge 1 ] || { sed -n 2,7p "$0"; exit 2; }
seconds=$1
shift
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
cmake -S "$root" -B "$build" -DTLSWHY_HARDENING=OFF \
    -DCMAKE_C_FLAGS='-fsanitize=address,undefined -fno-omit-frame-pointer' >"$build/log" 2>&1 &&
    cmake --build "$build" --target tlswhy --parallel "$(nproc)" >>"$build/log" 2>&1 || { tail -n 25 "$build/log"; exit 2; }
python3 "$root/test/fuzz/whole.py" --plugin "$build/tlswhy.so" --seconds "$seconds" "$@"
