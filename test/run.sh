#!/bin/sh
# Runs all tests of tlswhy from a fresh clone:
#
#   sh test/run.sh
#
# Installs what they need (Debian, Ubuntu and their like; root, or a user with sudo) and builds
# in ./build/test. Nothing else on the machine changes; the plugin itself is not installed. With SUITES in the environment
# ("trixie"), each third capture is tried with the Wireshark of these Debian releases, too, as root.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/.." && pwd -P) || exit 2
. "$root/plugin/packages.sh"

test_packages='libcmocka-dev python3 binutils'
lab_packages='openssl gnutls-bin libnss3-tools curl wget gcc libmbedtls-dev libwolfssl-dev iproute2 util-linux tcpdump' # programs that talk TLS
gui_packages='wireshark at-spi2-core dbus fonts-dejavu-core imagemagick openbox python3-pyatspi xdotool xvfb'

require_debian
choose_build_folder "$root/build/test"
[ -z "${SUITES:-}" ] || test_packages="$test_packages debootstrap"
# shellcheck disable=SC2086 # lists of words
install_packages $build_packages $test_packages $lab_packages $gui_packages
compile -DTLSWHY_TESTS=ON -DTLSWHY_WERROR=ON

cd "$build" && ctest --output-on-failure --parallel "$(nproc)"
