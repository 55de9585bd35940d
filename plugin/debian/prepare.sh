#!/bin/sh
# Makes a Debian source tree of tlswhy, with this folder as its debian/, to be built by dpkg-buildpackage:
#
#   sh plugin/debian/prepare.sh FOLDER && cd FOLDER && dpkg-buildpackage -us -uc
#
# FOLDER must not be there yet. Tests and captures stay out, as the package's build does not run them.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd -P)
[ $# -eq 1 ] || { sed -n 2,6p "$0"; exit 2; }
[ ! -e "$1" ] || {
    echo "prepare.sh: $1 is there already" >&2
    exit 2
}
mkdir -p "$1"
(cd "$root" && tar -c CMakeLists.txt README COPYING include plugin) | tar -x -C "$1"
cp -R "$root/plugin/debian" "$1/debian"
rm "$1/debian/prepare.sh"
