#!/bin/sh
# No function of the plugin is longer than 60 lines or more complex than 20 (McCabe; each case of a switch counts).
#
#   sh test/checks/bounds.sh [FOLDER]
#
# Needs pmccabe; exit status 77 without it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "${1:-$(dirname "$0")/../..}" && pwd -P)
command -v pmccabe >/dev/null || { echo "bounds: skipped, pmccabe is not installed"; exit 77; }
cd "$root"
measured=$(find plugin -name '*.c' -exec pmccabe {} +)
[ -n "$measured" ] || { echo "bounds: no function found"; exit 1; }
# pmccabe's columns: complexity where a switch counts once, where each case counts; statements; first line; lines; file(line): name
printf '%s\n' "$measured" | awk '
    { place = $6 " " $7 }
    $2 > 20 { print place ": complexity " $2 ", more than 20"; bad = 1 }
    $5 > 60 { print place ": " $5 " lines, more than 60"; bad = 1 }
    END { exit bad }'
