#!/bin/sh
# Installs tlswhy with everything it needs, for everybody on this machine, and shows its report:
#
#   sh plugin/try.sh [CAPTURE]
#
# For Debian, Ubuntu and their like; root, or a user with sudo. Packages come from apt, the build goes into ./build; what
# is downloaded, and how big it is, is said before. Without CAPTURE, the report is of one that comes with tlswhy.
# `cmake --build build --target uninstall` takes plugin and command away again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P) || exit 2
. "$root/plugin/packages.sh"

prefix=/usr/local

# Stops where FILE cannot be a capture, before anything is installed for it. Wireshark reads more formats than have a
# mark that could be looked for here, but none of them is empty, and text is most likely a key log.
require_capture() {
    [ -e "$1" ] || die "$1: no such file"
    [ -f "$1" ] || die "$1: not a file"
    [ -r "$1" ] || die "$1: cannot be read"
    [ -s "$1" ] || die "$1: is empty"
    [ -n "$(head -c 512 -- "$1" | LC_ALL=C tr -d '[:print:][:space:]' | tr '\0' '0')" ] || die "$1: is a text, not a capture"
}

case ${1-} in
--help | -h)
    usage "$0"
    exit 0
    ;;
--) shift ;;
-?*) die "$1: no such option; usage: sh plugin/try.sh [CAPTURE]" ;;
esac
require_debian
[ $# -le 1 ] || die "usage: sh plugin/try.sh [CAPTURE]"
capture=${1-$root/test/captures/founding-story/apache-renegotiation.keys.pcapng}
require_capture "$capture"
require_root

choose_build_folder "$root/build"
# shellcheck disable=SC2086 # a list of words
install_packages $build_packages
compile -DCMAKE_INSTALL_PREFIX=$prefix
step "installing the plugin and the command tlswhy" as_root cmake --install "$build"
[ "$build" = "$root/build" ] || rm -rf "$build"

"$prefix/bin/tlswhy" -- "$capture"
[ $? -lt 2 ] || exit 2 # 1: a failed handshake was found, which is a success here
