#!/bin/sh
# Wireshark's tshark for Windows, from Debian's source, into /windows/run. Run by run.sh, inside its Debian.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -e
host=x86_64-w64-mingw32ucrt
prefix=/windows/prefix
source=/windows/wireshark
jobs=${JOBS:-$(nproc)}
[ ! -e /windows/run/tshark.exe ] || exit 0

if [ ! -e $source/CMakeLists.txt ]; then
    mkdir -p $source
    tar -xf /windows/sources/wireshark_4.*.orig.tar.* -C $source --strip-components=1
fi

# What 4.0 takes for granted on Windows: names of headers in any case, a PowerShell (which nothing here runs), headers
# that those of libpcap would bring, and that a program made for Windows runs where it is built.
grep -rhoE '#include <[A-Za-z0-9_]*[A-Z][A-Za-z0-9_]*\.h>' $source/wsutil $source/wiretap $source/epan $source/ui $source/*.c |
    sed 's/.*<//; s/>//' | sort -u | while read -r name; do
    plain=/usr/$host/include/$(echo "$name" | tr '[:upper:]' '[:lower:]')
    [ ! -e "$plain" ] || [ -e "/usr/$host/include/$name" ] || ln -sf "$plain" "$prefix/include/$name"
done
printf '#!/bin/sh\n' >/usr/local/bin/powershell
chmod 755 /usr/local/bin/powershell
grep -q wsutil/feature_list.h $source/capture/capture-wpcap.c ||
    sed -i '0,/#include <glib.h>/s//#include <glib.h>\n#include <wsutil\/feature_list.h>/' $source/capture/capture-wpcap.c
gcc -O1 -w -o /windows/lemon $source/tools/lemon/lemon.c

options=
for part in wireshark dumpcap mmdbresolve sharkd androiddump sshdump ciscodump wifidump dpauxmon randpktdump udpdump etwdump; do
    options="$options -DBUILD_$part=OFF"
done
export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig:/usr/$host/lib/pkgconfig
export MSYSTEM=MINGW64 # else 4.0 takes the compiler for Microsoft's
# shellcheck disable=SC2086 # a list of words
cmake -G Ninja -S $source -B /windows/build/wireshark -DCMAKE_TOOLCHAIN_FILE=/windows/toolchain.cmake \
    -DCMAKE_PREFIX_PATH=$prefix -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS="-O0 -g0 -w -I$prefix/include" \
    -DCMAKE_CXX_FLAGS='-O0 -g0 -w' -DCMAKE_EXE_LINKER_FLAGS=-L$prefix/lib -DCMAKE_SHARED_LINKER_FLAGS=-L$prefix/lib \
    -DENABLE_PCAP=OFF -DENABLE_LUA=OFF -DENABLE_PLUGINS=ON -DENABLE_WERROR=OFF -DENABLE_WINSPARKLE=OFF \
    -DHAVE_C99_VSNPRINTF=1 -DHAVE_C99_VSNPRINTF_EXITCODE=0 -DCMAKE_POLICY_VERSION_MINIMUM=3.5 $options >/windows/build/log 2>&1 ||
    { tail -20 /windows/build/log; exit 1; }
cd /windows/build/wireshark
ninja -j"$jobs" lemon >/windows/build/log 2>&1 || true
find . -name lemon.exe -exec cp /windows/lemon {} \;
ninja -j"$jobs" tshark >/windows/build/log 2>&1 || { grep -E 'error|undefined' /windows/build/log | head; exit 1; }

# GLib's and the decoders' DLLs by the names that they have in Wireshark's own installer, which are shorter.
mkdir -p /windows/import
find . -name '*.exe' -o -name '*.dll' | grep -E 'tshark\.exe|lib(wireshark|wiretap|wsutil)\.dll' | while read -r file; do
    cp "$file" /windows/import/
done
cp $prefix/bin/*.dll /windows/import/
for name in glib-2.0-0 gmodule-2.0-0 gthread-2.0-0 brotlidec brotlicommon zstd; do
    [ ! -e "/windows/import/lib$name.dll" ] || mv "/windows/import/lib$name.dll" "/windows/import/$name.dll"
    LC_ALL=C sed -i "s/lib$name\.dll/$name.dll\x00\x00\x00/g" /windows/import/*
done
rm -rf /windows/run
mv /windows/import /windows/run
