#!/bin/sh
# Builds the plugin and runs the captures' tests with the Wireshark of other Debian releases:
#
#   sh test/versions/run.sh SUITE[=FOLDER]...      bullseye (Wireshark 3.4), trixie (4.4), sid (4.6)
#
# Each suite gets a root file system of its own (debootstrap), which is removed at the end, or FOLDER, which is made if
# need be and kept. Needs root, debootstrap and the network; nothing outside the folders changes. The expectations are
# those of every version, but for what test/versions/differences names. In the environment, PATTERN: only captures whose
# path contains one of these words; EACH: only each Nth; MIRROR: where the suite comes from (an archive, once Debian's own
# mirrors have it no more), else debootstrap chooses. That a mirror's list of packages has expired does not matter here.
# Exit status 77: a suite cannot be had here (no root, no namespaces, no mirror); a package that it lacks is a failure.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)

say() { echo "versions: $*"; }

[ $# -gt 0 ] || { sed -n 2,12p "$0"; exit 2; }
[ "$(id -u)" -eq 0 ] || { say "root is needed, for chroot"; exit 77; }
command -v unshare >/dev/null || { say "unshare is missing: install util-linux"; exit 77; }
unshare -m -p -f true || { say "namespaces are not allowed here"; exit 77; }

. "$root/plugin/packages.sh"
packages="$build_packages ninja-build python3 xxd"

make_root() { # SUITE FOLDER
    [ -x "$2/usr/bin/apt-get" ] && return
    command -v debootstrap >/dev/null || { say "debootstrap is missing: install it"; return 1; }
    mkdir -p "$2" && chmod 755 "$2" && debootstrap --variant=minbase "$1" "$2" ${MIRROR:+"$MIRROR"} >"$2.log" 2>&1 ||
        { say "debootstrap $1 failed, see $2.log"; return 1; }
}

# What runs inside.
inside() {
    cat <<SCRIPT
mount -t proc proc /proc 2>/dev/null
missing=\$(for p in $packages; do dpkg -s \$p >/dev/null 2>&1 || echo \$p; done)
if [ -n "\$missing" ]; then
    apt-get -q -o APT::Update::Error-Mode=any -o Acquire::Check-Valid-Until=false update >/tmp/apt.log 2>&1 || { tail -5 /tmp/apt.log; exit 77; }
    DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends \$missing >/tmp/apt.log 2>&1 ||
        { tail -5 /tmp/apt.log; exit 2; }
fi
tshark --version 2>/dev/null | head -1
cmake -G Ninja -S /tmp/tlswhy -B /tmp/tlswhy/build -DTLSWHY_WERROR=ON >/tmp/build.log 2>&1 &&
    cmake --build /tmp/tlswhy/build >>/tmp/build.log 2>&1 || { tail -30 /tmp/build.log; exit 1; }
python3 /tmp/tlswhy/test/captures/run.py --plugin /tmp/tlswhy/build/tlswhy.so --each ${EACH:-1} ${PATTERN:-}
SCRIPT
}

bad=0
lacking=0
for word; do
    suite=${word%%=*}
    folder=${word#"$suite"}
    folder=${folder#=}
    temporary=
    [ -n "$folder" ] || folder=$(mktemp -d) temporary=$folder
    if make_root "$suite" "$folder"; then
        rm -rf "$folder/tmp/tlswhy"
        mkdir -p "$folder/tmp/tlswhy"
        git -C "$root" ls-files -z | (cd "$root" && tar -c --null -T - --ignore-failed-read -f -) |
            tar -x -C "$folder/tmp/tlswhy" -f -
        inside >"$folder/tmp/run.sh"
        unshare -m -p -f chroot "$folder" sh /tmp/run.sh >"$folder/tmp/out" 2>&1
        status=$?
        if [ $status -eq 77 ]; then
            cat "$folder/tmp/out"
            lacking=77
        elif [ $status -ne 0 ] || ! grep -q 'captures, 0 failed' "$folder/tmp/out"; then
            cat "$folder/tmp/out"
            say "$suite: failed"
            bad=1
        else
            say "$suite, $(head -1 "$folder/tmp/out"): $(tail -1 "$folder/tmp/out")"
        fi
    else
        lacking=77
    fi
    [ -z "$temporary" ] || rm -rf "$temporary" "$temporary.log"
done
[ $bad -eq 0 ] || exit 1
exit $lacking
