# shellcheck shell=sh disable=SC2034,SC2154
# Shell functions that plugin/try.sh and test/run.sh share: installing packages, building quietly.
# To be sourced, with $root (the top folder of tlswhy) set. POSIX sh.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# packages_of COLUMN, of packages.txt: 2 Debian, 3 Fedora, 4 openSUSE, 5 Arch, 6 Alpine. In the shell alone, as it also
# speaks where little is installed.
packages_of() (
    column=$1
    list=
    while read -r row; do
        case $row in '#'*) continue ;; esac
        # shellcheck disable=SC2086 # columns
        set -- $row
        eval "package=\${$column}"
        case " $list " in *" $package "*) ;; *) [ "$package" = - ] || list="$list $package" ;; esac
    done <"$root/plugin/packages.txt"
    echo "${list# }"
)

build_packages=$(packages_of 2)

note() {
    printf 'tlswhy: %s\n' "$*" >&2
}

die() {
    note "$@"
    exit 2
}

# usage SCRIPT: the comment at its head.
usage() {
    sed -n '2,/^# SPDX/{/^# SPDX/d;s/^# \{0,1\}//;p;}' "$1"
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
    cat >&2 <<EOF
tlswhy: this script installs packages with apt, so it runs on Debian, Ubuntu and their like only.
Elsewhere install these, then build by hand:
  Fedora:   dnf install $(packages_of 3)
  RHEL:     the same, with the repository CRB: dnf config-manager --set-enabled crb
  openSUSE: zypper install $(packages_of 4)
  Arch:     pacman -S $(packages_of 5)
  Alpine:   apk add $(packages_of 6)
  cmake -B build && cmake --build build && sudo cmake --install build
  tlswhy CAPTURE
EOF
    exit 2
}

require_root() {
    [ "$(id -u)" -eq 0 ] && return
    command -v sudo >/dev/null && sudo -v && return # asks for the password now, not in the middle of something
    die "this needs root, or a user with sudo"
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# The last line of the log, as far as a terminal of 80 columns shows it beside the rest.
last_of_log() {
    tail -c 2000 "$log" | tr '\r' '\n' | grep . | tail -n 1 | cut -c 1-55 | tr -cd '[:print:]'
}

# step WHAT COMMAND...: runs it without a word but WHAT, and each minute how it gets on; if it fails, shows the end of
# its output.
step() {
    what=$1
    shift
    note "$what ..."
    "$@" >>"$log" 2>&1 </dev/null &
    job=$!
    trap 'as_root kill $job 2>/dev/null; exit 130' INT TERM # what runs behind a shell does not hear ^C
    minutes=0 seconds=0
    while kill -0 $job 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        [ $((seconds % 60)) -eq 0 ] || continue
        minutes=$((minutes + 1))
        note "$what, $minutes min: $(last_of_log)"
    done
    trap - INT TERM
    wait $job && return
    tail -n 25 "$log" >&2
    die "this failed: $*; all of its output is in $log"
}

absent_packages() {
    for package; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
            printf '%s ' "$package"
    done
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -o DPkg::Lock::Timeout=120 "$@"
}

answered() {
    grep -Eq '^(Get|Hit):' "$log"
}

# Brings the lists of packages up to date. One broken source is no reason to give up, but where none has answered within
# $patience seconds, nothing can be installed.
patience=15
update_lists() {
    note "asking the package sources ..."
    apt_get -o Acquire::Retries=0 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 update >>"$log" 2>&1 </dev/null &
    job=$!
    begin=$(date +%s)
    while kill -0 $job 2>/dev/null; do
        sleep 1
        seconds=$(($(date +%s) - begin))
        [ $seconds -lt $patience ] || answered || break
        [ $((seconds % 60)) -ne 0 ] || note "asking the package sources, $((seconds / 60)) min: $(last_of_log)"
    done
    answered && wait $job
    answered && return
    as_root kill $job 2>/dev/null
    die "no network: no package source (/etc/apt) has answered, so these cannot be installed: $*"
}

# Those of the packages that this release has, as far as its lists tell.
available_packages() {
    for package; do
        apt-cache policy "$package" 2>/dev/null | grep -q 'Candidate: [^(]' && printf '%s ' "$package"
    done
}

# What is to be installed of the packages given, which there must be, and of $optional_packages, which not every release has.
wanted_packages() {
    absent_packages "$@"
    # shellcheck disable=SC2046,SC2086 # lists of words
    available_packages $(absent_packages ${optional_packages-})
}

# noninteractive: wireshark's package asks whether everybody may capture; its default is no.
install_packages() {
    [ -n "$(wanted_packages "$@")" ] || return 0
    require_root
    # shellcheck disable=SC2046 # a list of words
    update_lists $(wanted_packages "$@")
    # shellcheck disable=SC2046 # a list of words
    set -- $(wanted_packages "$@")
    note "to be installed, with what they need: $*"
    apt_get --assume-no --no-install-recommends install "$@" 2>/dev/null </dev/null |
        sed -n 's/^Need to get/to be downloaded:/p; s/^After this operation, /on the disk afterwards: /p' |
        while read -r line; do note "$line"; done
    step "installing packages" apt_get -y --no-install-recommends install "$@"
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
