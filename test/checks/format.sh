#!/bin/sh
# All C is formatted as .clang-format says. Releases of clang-format differ, so this holds for one: 14, as on Debian 12.
#
#   sh test/checks/format.sh [FOLDER]
#
# The table of rules is formatted by hand, in lines of at most 118 columns. Exit status 77 where clang-format 14 is not
# installed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "${1:-$(dirname "$0")/../..}" && pwd -P)
program=
for candidate in clang-format-14 clang-format; do
    case $("$candidate" --version 2>/dev/null) in *" version 14."*) program=$candidate && break ;; esac
done
[ -n "$program" ] || { echo "format: skipped, clang-format 14 is not installed"; exit 77; }
cd "$root"
if grep -nE '^.{119,}' plugin/engine/rules/rules_*.c; then
    echo "format: these lines of the table of rules have more than 118 columns"
    exit 1
fi
find plugin include test/unit test/fuzz test/lab -name '*.[ch]' -exec "$program" --style=file --dry-run --Werror {} +
