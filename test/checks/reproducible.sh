#!/bin/sh
# Builds the plugin twice, from copies of the source in two folders: the same bytes must come out.
#
#   sh test/checks/reproducible.sh
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for place in one another/place; do
    mkdir -p "$folder/$place"
    cp -R "$root/CMakeLists.txt" "$root/include" "$root/plugin" "$folder/$place/"
    cmake -S "$folder/$place" -B "$folder/$place/build" >"$folder/log" 2>&1 &&
        cmake --build "$folder/$place/build" --target tlswhy --parallel "$(nproc)" >>"$folder/log" 2>&1 || { cat "$folder/log"; exit 2; }
done
cmp "$folder/one/build/tlswhy.so" "$folder/another/place/build/tlswhy.so"
