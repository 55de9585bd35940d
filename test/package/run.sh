#!/bin/sh
# Tries the Debian packages where nothing else is: what lintian says, install, use, upgrade, a plugin of another version,
# remove. The older one is cpack's, the newer is built from the Debian source package.
#
#   sudo sh test/package/run.sh [SUITE]
#
# MIRROR in the environment: where Debian comes from, if not from debootstrap's own choice.
#
# Builds in a clean Debian SUITE (bookworm, unless told otherwise) that debootstrap makes in a temporary folder and that is
# removed afterwards. Needs root, debootstrap and the network; takes some minutes, so it is not among the quick tests.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P) || exit 2
suite=${1-bookworm}
capture=test/captures/founding-story/apache-renegotiation.keys.pcapng

die() {
    printf 'test/package/run.sh: %s\n' "$*" >&2
    exit 2
}

[ "$(id -u)" -eq 0 ] || die "this needs root: it makes a Debian of its own and installs there"
command -v debootstrap >/dev/null || die "debootstrap is not installed"

clean=$(mktemp -d "${TMPDIR:-/tmp}/tlswhy-package.XXXXXX") || exit 2
trap 'rm -rf --one-file-system "$clean" "$clean.log"' EXIT
trap 'exit 2' HUP INT TERM
log=$clean.log
failed=0

# inside COMMAND: by a shell in the clean Debian, with nothing of the caller's environment.
inside() {
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
        chroot "$clean" sh -c "$1"
}

step() {
    printf '%s ...\n' "$1"
    shift
    "$@" >"$log" 2>&1 </dev/null && return
    tail -n 25 "$log" >&2
    die "this failed: $*"
}

# expect WHAT PATTERN COMMAND: COMMAND, inside, must print a line that PATTERN matches.
expect() {
    if inside "$3" >"$log" 2>&1 </dev/null; grep -qE "$2" "$log"; then
        printf 'ok      %s\n' "$1"
    else
        printf 'NOT OK  %s\n' "$1"
        sed 's/^/          /' "$log"
        failed=1
    fi
}

install='apt-get -q -y install --no-install-recommends'
step "making a clean $suite" debootstrap --variant=minbase "$suite" "$clean" ${MIRROR:+"$MIRROR"}
mkdir "$clean/src"
(cd "$root" && tar cf - --exclude=./build --exclude=./.git .) | tar xf - -C "$clean/src" || die "cannot copy the source"
# shellcheck disable=SC2016 # for the shell inside
step "installing what the build needs" inside '
    root=/src && . /src/plugin/packages.sh
    apt-get -q update && '"$install"' $build_packages build-essential debhelper dpkg-dev file lintian man-db'
# An older one to upgrade from: the same source under a lower version, with one more file in its profile.
step "building two packages" inside '
    set -e
    cp -r /src /older
    sed -i "s/^project(tlswhy VERSION [0-9.]*/project(tlswhy VERSION 0.0.1/" /older/CMakeLists.txt
    cmake -S /older -B /older/build && cmake --build /older/build -j2 && (cd /older/build && cpack)
    sh /src/plugin/debian/prepare.sh /tree/tlswhy && cd /tree/tlswhy && dpkg-buildpackage -us -uc
    mkdir /packages && cp /older/build/*.deb /tree/tlswhy_*.deb /packages'
expect "lintian has nothing against either" '^0$' 'lintian --allow-root /packages/*.deb /tree/*.changes 2>&1 | grep -c "^[EW]:"'
# What was needed to build is gone for what follows.
step "removing what the build needed" inside '
    apt-get -q -y purge wireshark-dev libglib2.0-dev libgnutls28-dev cmake gcc tshark debhelper lintian && apt-get -q -y autoremove --purge'

expect "there is no plugin before" '^0$' 'ls /usr/lib/*/wireshark/plugins 2>/dev/null | wc -l'
step "installing the older package" inside "$install /packages/tlswhy_0.0.1_*.deb"
expect "the older version is there" '^tlswhy 0\.0\.1 \(plugin 0\.0\.1, tshark' 'tlswhy --version'
step "installing the newer over it" inside "$install /packages/tlswhy_0.[1-9]*.deb"
expect "the newer version has replaced it" '^tlswhy ([0-9.]+) \(plugin \1, tshark' 'tlswhy --version'
expect "one plugin is loaded" '^1$' 'tshark -G plugins 2>/dev/null | grep -c ^tlswhy'
expect "the report works" 'client-cert-issuer-not-listed' "tlswhy /src/$capture"
expect "so does the profile" 'Server rejected client certificate' \
    "tshark -C 'TLS Troubleshooting' -r /src/$capture -Y tlswhy.cause 2>/dev/null"
expect "and opens without a warning" '^0$' "tshark -C 'TLS Troubleshooting' --color -r /src/$capture 2>&1 >/dev/null | grep -vc root"
expect "the manual is there" 'explains why TLS handshakes in a capture failed' 'man -P cat tlswhy'
expect "the package belongs to this Wireshark" '^Depends: .*libwireshark[0-9]+' 'dpkg -s tlswhy'

# A plugin of another version, as after a partial upgrade: a message, and Wireshark goes on without it.
# shellcheck disable=SC2016
step "breaking the plugin's version" inside '
    for plugin in /usr/lib/*/wireshark/plugins/*/epan/tlswhy.so; do
        sed "s/libwireshark\.so\.[0-9][0-9]/libwireshark.so.99/" "$plugin" >/tmp/other && cp /tmp/other "$plugin"
    done'
expect "Wireshark says what is wrong" "tlswhy\.so.*libwireshark\.so\.99" "tshark -r /src/$capture -c 1"
expect "and goes on" '^ *1 ' "tshark -r /src/$capture -c 1"
expect "so does the command" 'does not load the plugin' "tlswhy /src/$capture"

step "removing the package" inside 'apt-get -q -y purge tlswhy'
expect "nothing is left" '^0$' "find / -xdev -path /proc -prune -o -path /src -prune -o -path /older -prune -o -path /tree -prune -o -path /packages -prune -o \
    -path /root -prune -o \( -name '*tlswhy*' -o -name 'TLS Troubleshooting' \) -print | grep -v /var/ | wc -l"
expect "and tshark has no message" '^0$' "tshark -G plugins 2>&1 | grep -c tlswhy"
exit $failed
