# shellcheck shell=sh disable=SC2034,SC2154
# Shell functions that plugin/try.sh and test/run.sh share: installing packages, building quietly.
# To be sourced, with $root (the top folder of tlswhy) set. POSIX sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later
build_packages='cmake gcc libc6-dev make pkgconf libglib2.0-dev libgnutls28-dev zlib1g-dev libbrotli-dev libzstd-dev wireshark-dev tshark'

note() {
    printf 'tlswhy: %s\n' "$*" >&2
}

die() {
    note "$@"
    exit 2
}

is_debian_like() {
    # shellcheck disable=SC1091
    command -v apt-get >/dev/null && . /etc/os-release 2>/dev/null &&
        case " $ID ${ID_LIKE-} " in
        *" debian "* | *" ubuntu "*) true ;;
        *) false ;;
        esac
}

# Stops anywhere but on Debian and its derivatives, before anything is touched.
require_debian() {
    (is_debian_like) && return
    cat >&2 <<'EOF'
tlswhy: this script installs packages with apt, so it runs on Debian, Ubuntu and their like only.
Elsewhere install these, then build by hand:
  Fedora: dnf install cmake gcc make pkgconf-pkg-config glib2-devel gnutls-devel zlib-devel brotli-devel libzstd-devel wireshark-devel wireshark-cli
  Arch:   pacman -S cmake gcc make pkgconf glib2 gnutls zlib brotli zstd wireshark-cli
  cmake -B build && cmake --build build && sudo cmake --install build
  tlswhy CAPTURE
EOF
    exit 2
}

require_root() {
    [ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || die "this needs root, or a user with sudo"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# step WHAT COMMAND...: runs it without a word but WHAT; if it fails, shows the end of its output.
step() {
    note "$1 ..."
    shift
    "$@" >>"$log" 2>&1 </dev/null && return
    tail -n 25 "$log" >&2
    die "this failed: $*; all of its output is in $log"
}

absent_packages() {
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            printf '%s ' "$package"
    done
}

# noninteractive: wireshark's package asks whether everybody may capture; its default is no.
apt_install() {
    as_root apt-get -q update || true # one broken source is no reason to give up
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 \
        install --no-install-recommends "$@"
}

install_packages() {
    absent=$(absent_packages "$@")
    [ -n "$absent" ] || return 0
    require_root
    # shellcheck disable=SC2086 # a list of words
    step "installing packages" apt_install $absent
}

# Chooses $build (FOLDER, or a temporary one if this user cannot write there) and $log in it.
choose_build_folder() {
    build=$1
    cache=$build/CMakeCache.txt
    if mkdir -p "$build" 2>/dev/null && [ -w "$build" ] && { [ ! -e "$cache" ] || [ -w "$cache" ]; }; then
        # CMake refuses a folder that was configured for another place.
        [ ! -e "$cache" ] || grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache" || rm -rf "$cache" "$build/CMakeFiles"
    else
        build=$(mktemp -d "${TMPDIR:-/tmp}/tlswhy-build.XXXXXX") || exit 2
        note "cannot write to $1, so the build is in $build"
    fi
    log=$build/tlswhy.log
    : >"$log"
}

# compile OPTION...: configures with these options and builds.
compile() {
    step "configuring" cmake -S "$root" -B "$build" "$@"
    step "building" cmake --build "$build" -j "$(nproc)"
}
