#!/bin/sh
# Installs tlswhy with everything it needs, for everybody on this machine, and shows its report:
#
#   sh plugin/try.sh [CAPTURE]
#
# For Debian, Ubuntu and their like; root, or a user with sudo. Packages come from apt, the build
# goes into ./build. `cmake --build build --target uninstall` takes plugin and command away again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P) || exit 2
. "$root/plugin/packages.sh"

capture=${1-$root/test/captures/founding-story/apache-renegotiation.keys.pcapng}
prefix=/usr/local

require_debian
[ $# -le 1 ] || die "usage: sh plugin/try.sh [CAPTURE]"
[ -r "$capture" ] || die "$capture: no such file"
require_root

choose_build_folder "$root/build"
# shellcheck disable=SC2086 # a list of words
install_packages $build_packages
compile -DCMAKE_INSTALL_PREFIX=$prefix
step "installing the plugin and the command tlswhy" as_root cmake --install "$build"
[ "$build" = "$root/build" ] || rm -rf "$build"

"$prefix/bin/tlswhy" -- "$capture"
[ $? -lt 2 ] || exit 2 # 1: a failed handshake was found, which is a success here
