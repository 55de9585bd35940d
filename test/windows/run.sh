#!/bin/sh
# Builds the plugin for Windows and tries it there, as far as wine is Windows:
#
#   sh test/windows/run.sh FOLDER
#
# FOLDER is made if need be, and kept: a Debian 13 with mingw-w64 (UCRT) and wine, and in its /windows the libraries,
# tshark.exe (Wireshark 4.0 of Debian 12) and the plugin. Sources are Debian's, import libraries come from lists of names and
# are named as the DLLs of Wireshark's own installer, so that /windows/build/tlswhy/tlswhy.dll is one for that as well.
# Needs root, debootstrap, the network, 6 GB; the first time takes some 30 minutes on two idle cores, later ones 4.
#
# In the environment: MIRROR, where Debian comes from; EACH, how many captures stand for one that is tried (24); JOBS.
# Exit status 77: Debian cannot be had here.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)

say() { echo "windows: $*"; }

[ $# -eq 1 ] || { sed -n 2,14p "$0"; exit 2; }
[ "$(id -u)" -eq 0 ] || { say "root is needed, for chroot"; exit 77; }
folder=$1

tools='gcc-mingw-w64-ucrt64 g++-mingw-w64-ucrt64 libz-mingw-w64-dev libgcrypt-mingw-w64-dev libgpg-error-mingw-w64-dev'
tools="$tools gcc g++ libc6-dev make cmake ninja-build meson pkgconf python3 python3-packaging flex perl bison m4 autoconf"
tools="$tools automake libtool libltdl-dev autoconf-archive dpkg-dev xz-utils bzip2 gettext file xxd wine wine64"

if [ ! -x "$folder/usr/bin/apt-get" ]; then
    command -v debootstrap >/dev/null || { say "debootstrap is missing: install it"; exit 77; }
    say "Debian ..."
    mkdir -p "$folder" && chmod 755 "$folder"
    debootstrap --variant=minbase trixie "$folder" ${MIRROR:+"$MIRROR"} >"$folder.log" 2>&1 ||
        { say "debootstrap failed, see $folder.log"; exit 77; }
fi

# Tools and sources, inside. Wireshark and c-ares are those of Debian 12, which fit each other.
prepare() {
    cat <<SCRIPT
set -e
missing=\$(for p in $tools; do dpkg -s \$p >/dev/null 2>&1 || echo \$p; done)
mirror=\$(sed -n 's/^deb  *\([^ ]*\) .*/\1/p' /etc/apt/sources.list | head -1)
for suite in trixie bookworm; do echo "deb-src \$mirror \$suite main"; done >/etc/apt/sources.list.d/sources.list
apt-get -q -o Acquire::Check-Valid-Until=false update
[ -z "\$missing" ] || DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends \$missing
mkdir -p /windows/sources
cd /windows/sources
# one by one: what is fetched already is not fetched again, and of an update only Debian's own changes may be missing
for name in libffi pcre2 glib2.0 gmp nettle gnutls28 brotli libzstd cmocka speexdsp c-ares/bookworm wireshark/bookworm; do
    apt-get -q -o APT::Sandbox::User=root source --download-only \$name || true
    ls "\${name%/*}"_*.orig.tar.* >/dev/null
done
SCRIPT
}

inside() { # COMMAND...
    unshare -m -p -f chroot "$folder" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 JOBS="${JOBS:-$(nproc)}" \
        EACH="${EACH:-24}" sh -c "mount -t proc proc /proc 2>/dev/null; mount -t devpts devpts /dev/pts 2>/dev/null; $*"
}

if [ ! -e "$folder/windows/run/tshark.exe" ]; then
    say "tools and sources ..."
    prepare >"$folder/tmp/prepare.sh"
    inside sh /tmp/prepare.sh >"$folder/tmp/prepare.log" 2>&1 || {
        tail -5 "$folder/tmp/prepare.log"
        say "packages cannot be had here"
        exit 77
    }
fi
rm -rf "$folder/windows/tlswhy"
mkdir -p "$folder/windows/tlswhy"
git -C "$root" ls-files -z | (cd "$root" && tar -c --null -T - --ignore-failed-read -f -) | tar -x -C "$folder/windows/tlswhy" -f -
for part in libraries wireshark plugin; do
    say "$part ..."
    inside sh "/windows/tlswhy/test/windows/$part.sh" || { say "$part: failed"; exit 1; }
done
