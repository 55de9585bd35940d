#!/bin/sh
# The recipes for packages (Debian, RPM, Arch) name the version of the project, the packages that the build needs by the names
# of packages.txt, and have no fault that their own tools see, as far as these are installed (rpmspec, makepkg).
#
#   sh test/checks/recipes.sh
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)
plugin=$root/plugin
bad=0

wrong() {
    echo "recipes: $*"
    bad=1
}

version=$(sed -n 's/^project(tlswhy VERSION \([0-9.]*\).*/\1/p' "$root/CMakeLists.txt")
grep -q "^tlswhy ($version)" "$plugin/debian/changelog" || wrong "plugin/debian/changelog does not begin with $version"
grep -q "^Version: *$version\$" "$plugin/rpm/tlswhy.spec" || wrong "plugin/rpm/tlswhy.spec is not of $version"
grep -q "^pkgver=$version\$" "$plugin/arch/PKGBUILD" || wrong "plugin/arch/PKGBUILD is not of $version"

# Libraries, a row each: each recipe must know them. Compilers and make come with any tool that builds packages.
while read -r what debian fedora _ arch _; do
    case $what in GLib | GnuTLS | zlib | Brotli | Zstandard | Wireshark) ;; *) continue ;; esac
    grep -q "^ *\(Build-Depends: \)\{0,1\}$debian,\{0,1\}\$" "$plugin/debian/control" || wrong "plugin/debian/control lacks $debian"
    grep -q "^BuildRequires: *$fedora\$" "$plugin/rpm/tlswhy.spec" || wrong "plugin/rpm/tlswhy.spec lacks $fedora"
    grep -q "^depends=(.*\<$arch\>" "$plugin/arch/PKGBUILD" || wrong "plugin/arch/PKGBUILD lacks $arch"
done <"$plugin/packages.txt"

if command -v rpmspec >/dev/null; then
    rpmspec -P "$plugin/rpm/tlswhy.spec" >/dev/null || wrong "rpmspec does not read plugin/rpm/tlswhy.spec"
fi
if command -v makepkg >/dev/null; then
    folder=$(mktemp -d)
    cp "$plugin/arch/PKGBUILD" "$folder"
    chmod -R a+rwX "$folder"
    as_nobody= # makepkg refuses root
    [ "$(id -u)" -ne 0 ] || as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
    (cd "$folder" && HOME=$folder $as_nobody makepkg --printsrcinfo) >/dev/null || wrong "makepkg does not read plugin/arch/PKGBUILD"
    rm -rf "$folder"
fi
exit $bad
