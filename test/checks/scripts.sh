#!/bin/sh
# No shell script here gives shellcheck anything to say.
#
#   sh test/checks/scripts.sh [FOLDER]
#
# Exit status 77 where it is not installed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "${1:-$(dirname "$0")/../..}" && pwd -P)
command -v shellcheck >/dev/null || { echo "scripts: skipped, shellcheck is not installed"; exit 77; }
cd "$root"
# A chain of && and || is read as it is written (SC2015); code for another shell or awk stands in single quotes (SC2016).
find plugin test .ci -type f \( -name '*.sh' -o -path '.ci/*' \) -exec shellcheck --exclude=SC2015,SC2016 {} +
