#!/bin/sh
# The plugin for Windows, linked by the names of the DLLs that Wireshark's own installer brings; the tests of the engine and
# a sample of the captures in wine. Run by run.sh, inside its Debian, with the source in /windows/tlswhy.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -u
host=x86_64-w64-mingw32ucrt
source=/windows/tlswhy
build=/windows/build/tlswhy
import=/windows/import
jobs=${JOBS:-$(nproc)}

die() {
    echo "$*"
    exit 1
}

# import_library DLL NAME: lib/NAME.dll.a from the list of what the DLL exports, as one makes it where there is only a DLL
import_library() {
    {
        echo "LIBRARY \"$1\"" # a name with a hyphen is no word of this language
        echo EXPORTS
        $host-objdump -p "/windows/run/$1" | sed -n '/Ordinal\/Name Pointer/,/^$/s/^\t*\[ *[0-9]*\].* \([A-Za-z_][A-Za-z0-9_]*\)$/\1/p'
    } >"$import/$2.def"
    $host-dlltool -d "$import/$2.def" -l "$import/lib$2.dll.a" || die "no import library of $1"
}

mkdir -p $import
import_library libwireshark.dll wireshark
import_library libwsutil.dll wsutil
import_library glib-2.0-0.dll glib-2.0
import_library libgnutls-30.dll gnutls
import_library zlib1.dll zdll
import_library brotlidec.dll brotlidec
import_library zstd.dll zstd

tests=$(find $source/test/unit -name 'test_*.c' -exec basename {} .c \;)
ws=/windows/wireshark
# shellcheck disable=SC2086 # a list of words
{
    cmake -G Ninja -S $source -B $build -DCMAKE_TOOLCHAIN_FILE=/windows/toolchain.cmake \
        -DCMAKE_DISABLE_FIND_PACKAGE_PkgConfig=ON -DTLSWHY_GLIB_LIBRARY=$import/libglib-2.0.dll.a \
        -DTLSWHY_GNUTLS_LIBRARY=$import/libgnutls.dll.a -DTLSWHY_ZLIB_LIBRARY=$import/libzdll.dll.a \
        -DTLSWHY_BROTLI_LIBRARY=$import/libbrotlidec.dll.a -DTLSWHY_ZSTD_LIBRARY=$import/libzstd.dll.a \
        -DTLSWHY_WIRESHARK_VERSION="$(sed -n 's/.*VERSION_M[AI][JN]OR //p' /windows/build/wireshark/ws_version.h | paste -sd .)" \
        -DTLSWHY_WIRESHARK_INCLUDE_DIRS="/windows/build/wireshark;$ws;$ws/include" \
        -DTLSWHY_WIRESHARK_LIBRARIES="$import/libwireshark.dll.a;$import/libwsutil.dll.a" \
        -DTLSWHY_TESTS=ON -DTLSWHY_WERROR=ON &&
        ninja -C $build -j"$jobs" tlswhy $tests
} >/windows/build/log 2>&1 || {
    tail -30 /windows/build/log
    exit 1
}
$host-objdump -p $build/tlswhy.dll | sed -n 's/.*DLL Name: //p' | grep -v '^api-ms-win-crt' | sort | paste -sd ' ' | sed 's/^/needs /'
exported=$($host-objdump -p $build/tlswhy.dll | sed -n '/Ordinal\/Name Pointer/,/^$/s/.*\(plugin_\)/\1/p' | wc -l)
[ "$exported" -eq 5 ] || die "the DLL exports $exported names, not Wireshark's 5"
version=$(sed -n 's/.*VERSION_M[AI][JN]OR //p' /windows/build/wireshark/ws_version.h | paste -sd .)
mkdir -p "/windows/run/plugins/$version/epan"
cp $build/tlswhy.dll "/windows/run/plugins/$version/epan/"

# Wine keeps its C: in a folder of its user's.
export WINEPREFIX=/windows/wine WINEDEBUG=-all HOME=/windows/wine XDG_RUNTIME_DIR=/windows/wine
mkdir -p /windows/wine
chown 65534:65534 /windows/wine
as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
[ -e /windows/wine/system.reg ] || as_nobody wineboot -i >/windows/build/log 2>&1

passed=0
failed=
for test in $tests; do
    program=$(find $build -name "$test.exe")
    cp "$program" /windows/run/
    # in a terminal: GLib stops without one when it has the text of an error to convert
    if (cd $source && as_nobody timeout 600 script -qec "wine /windows/run/$test.exe" /dev/null) >"/windows/build/$test.out" 2>&1; then
        passed=$((passed + 1))
    else
        failed="$failed $test"
        grep -aE 'FAILED|ERROR|error' "/windows/build/$test.out" | head -5
    fi
    rm "/windows/run/$test.exe"
done
echo "$passed tests of the engine passed${failed:+, failed:$failed}"

# As run.py calls tshark: paths of Unix, whose root is wine's drive Z:, and lines that end as here.
cat >/windows/tshark <<'TSHARK'
#!/bin/bash
set -o pipefail
export WINEPREFIX=/windows/wine WINEDEBUG=-all
unset WIRESHARK_DATA_DIR # where Windows has the plugins as well
unset TMPDIR             # which its C runtime and GLib's do not free alike
wine /windows/run/tshark.exe "$@" | tr -d '\r'
TSHARK
chmod 755 /windows/tshark
TSHARK=/windows/tshark python3 $source/test/captures/run.py --plugin $build/tlswhy.dll --each "${EACH:-24}"
status=$?
[ -z "$failed" ] || status=1
exit $status
