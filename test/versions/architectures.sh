#!/bin/sh
# Builds engine, plugin and engine tests for other architectures, and runs the tests and a sample of captures there:
#
#   sh test/versions/architectures.sh ARCHITECTURE[=FOLDER]...      arm64, s390x (big-endian), i386 (32 bits)
#
# They run by qemu-user, i386 by itself where the kernel does 32 bits. The compilers are Debian's cross compilers, the libraries
# an unpacked Debian of that architecture in FOLDER, which is made if need be and kept (else temporary, some 700 MB).
# Needs root, mmdebstrap, qemu-user-static, ninja-build, gcc-aarch64-linux-gnu, gcc-s390x-linux-gnu, gcc-i686-linux-gnu.
#
# In the environment: SUITE, the Debian (trixie); MIRROR, where it comes from; EACH, how many captures stand for one
# that is tried (150); TESTS, words of which one must be in the name of a test of the engine; JOBS. i386 takes some 5 minutes on
# two idle cores, an emulated architecture 20. Exit status 77: it cannot be had here.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
root=$(cd "$(dirname "$0")/../.." && pwd -P)

say() { echo "architectures: $*"; }

[ $# -gt 0 ] || { sed -n 2,14p "$0"; exit 2; }
[ "$(id -u)" -eq 0 ] || { say "root is needed, to unpack a Debian"; exit 77; }

libraries='libc6-dev libglib2.0-dev libgnutls28-dev zlib1g-dev libbrotli-dev libzstd-dev wireshark-dev tshark libcmocka-dev'

# choose ARCHITECTURE: sets triplet (Debian's folders), compiler and emulator.
choose() {
    case $1 in
    arm64) triplet=aarch64-linux-gnu compiler=aarch64-linux-gnu-gcc emulator=qemu-aarch64-static ;;
    s390x) triplet=s390x-linux-gnu compiler=s390x-linux-gnu-gcc emulator=qemu-s390x-static ;;
    i386) triplet=i386-linux-gnu compiler=i686-linux-gnu-gcc emulator=qemu-i386-static ;;
    *) say "$1: no such architecture; arm64, s390x, i386"; exit 2 ;;
    esac
    for program in mmdebstrap ninja $compiler $emulator; do
        command -v "$program" >/dev/null || { say "$program is missing, see the head of this script"; return 1; }
    done
}

unpack() { # ARCHITECTURE FOLDER
    if [ ! -e "$2/usr/bin/tshark" ]; then
        made=
        [ -e "$2" ] || made=$2
        # shellcheck disable=SC2086 # a list of words
        mmdebstrap --quiet --mode=root --variant=extract --architectures="$1" --aptopt='Acquire::Check-Valid-Until "false"' \
            --aptopt='APT::Install-Recommends "false"' --include="$(echo $libraries | tr ' ' ,)" \
            "${SUITE:-trixie}" "$2" ${MIRROR:+"$MIRROR"} || {
            [ -z "$made" ] || rm -rf --one-file-system "$made" # else mmdebstrap would never try again
            return 1
        }
    fi
    [ -e "$2/lib" ] || ln -s usr/lib "$2/lib" # as base-files does, which is not among these
}

# Sets $start, what stands before a program so that it finds the libraries of FOLDER; everything else that it sees is this
# machine's. The emulator would find those of i386 that this machine may have, so there the loader is told where to look.
choose_start() { # FOLDER
    if [ $triplet = i386-linux-gnu ]; then
        start="$1/lib/ld-linux.so.2 --library-path $1/lib/$triplet:$1/usr/lib/$triplet"
        $start "$1/usr/bin/tshark" --version >/dev/null 2>&1 || start="$(command -v $emulator) $start" # a kernel need not do 32 bits
    else
        start="$(command -v $emulator) -L $1"
        export TW_TEST_SLOWNESS=20 # what an emulated processor takes, for the test that nothing takes long
    fi
}

build() { # FOLDER OUT
    mkdir -p "$2/tlswhy" # a copy: the build goes on when somebody works here
    git -C "$root" ls-files -z | (cd "$root" && tar -c --null -T - --ignore-failed-read -f -) | tar -x -C "$2/tlswhy" -f -
    cat >"$2/toolchain.cmake" <<TOOLCHAIN
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR ${triplet%%-*})
set(CMAKE_C_COMPILER $compiler)
set(CMAKE_SYSROOT $1)
set(CMAKE_FIND_ROOT_PATH $1)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_LIBRARY_ARCHITECTURE $triplet)
TOOLCHAIN
    export PKG_CONFIG_SYSROOT_DIR="$1" PKG_CONFIG_LIBDIR="$1/usr/lib/$triplet/pkgconfig:$1/usr/share/pkgconfig"
    tests=$(find "$2/tlswhy/test/unit" -name 'test_*.c' -exec basename {} .c \; | sort | grep -E "$(echo "${TESTS:-.}" | tr ' ' '|')")
    # shellcheck disable=SC2086 # a list of words
    cmake -G Ninja -S "$2/tlswhy" -B "$2/build" -DCMAKE_TOOLCHAIN_FILE="$2/toolchain.cmake" -DTLSWHY_TESTS=ON -DTLSWHY_WERROR=ON &&
        ninja -C "$2/build" -j "${JOBS:-$(nproc)}" tlswhy $tests
    status=$?
    unset PKG_CONFIG_SYSROOT_DIR PKG_CONFIG_LIBDIR
    return $status
}

# Each prints what fails; the number of tests that pass is in $passed.
run_tests() { # FOLDER OUT
    passed=0 failed=
    for name in $tests; do
        program=$(find "$2/build" -name "$name" -type f -perm -u+x | head -1)
        if (cd "$2/tlswhy" && $start "$program") >"$2/$name.out" 2>&1; then
            passed=$((passed + 1))
        else
            failed="$failed $name"
            grep -aE 'FAILED|ERROR|Error' "$2/$name.out" | head -5
        fi
    done
}

run_captures() { # FOLDER OUT
    mkdir -p "$2/bin"
    argv0= # tshark finds itself by it
    [ $triplet != i386-linux-gnu ] || argv0='--argv0 tshark'
    printf '#!/bin/sh\nexec %s %s %s "$@"\n' "$start" "$argv0" "$1/usr/bin/tshark" >"$2/bin/tshark"
    chmod 755 "$2/bin/tshark"
    PATH="$2/bin:$PATH" python3 "$2/tlswhy/test/captures/run.py" --plugin "$2/build/tlswhy.so" --each "${EACH:-150}"
}

bad=0
for word; do
    architecture=${word%%=*}
    folder=${word#"$architecture"}
    folder=${folder#=}
    choose "$architecture" || exit 77
    out=$(mktemp -d) && chmod 755 "$out"
    [ -n "$folder" ] || folder=$out/root
    begun=$(date +%s)
    if ! unpack "$architecture" "$folder" >"$out/unpack.log" 2>&1; then
        tail -5 "$out/unpack.log"
        say "$architecture: no Debian of it can be had here"
        exit 77
    fi
    folder=$(cd "$folder" && pwd -P)
    choose_start "$folder"
    if build "$folder" "$out" >"$out/build.log" 2>&1; then
        run_tests "$folder" "$out"
        run_captures "$folder" "$out" >"$out/captures.log" 2>&1 || { cat "$out/captures.log"; bad=1; }
        [ -z "$failed" ] || bad=1
        say "$architecture: $passed tests of the engine passed${failed:+, failed:$failed}; $(tail -1 "$out/captures.log"); $(($(date +%s) - begun)) s"
    else
        tail -20 "$out/build.log"
        say "$architecture: the build failed"
        bad=1
    fi
    rm -rf "$out"
done
exit $bad
