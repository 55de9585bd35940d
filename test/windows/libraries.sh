#!/bin/sh
# The libraries of Wireshark and of the plugin for Windows (x86-64, UCRT), from Debian's sources into /windows/prefix.
# Run by run.sh, inside its Debian. What is there already is not built again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -e
host=x86_64-w64-mingw32ucrt
prefix=/windows/prefix
jobs=${JOBS:-$(nproc)}
mkdir -p $prefix/lib/pkgconfig $prefix/include $prefix/bin /windows/build
export PKG_CONFIG_LIBDIR=$prefix/lib/pkgconfig:/usr/$host/lib/pkgconfig
export CFLAGS='-O1 -g0 -w' CPPFLAGS=-I$prefix/include LDFLAGS=-L$prefix/lib

# unpack NAME: its source, as Debian has it, in /windows/build/NAME
unpack() {
    echo "$1 ..."
    rm -rf "/windows/build/$1"
    mkdir "/windows/build/$1"
    tar -xf "$(find /windows/sources -name "$1_*.orig.tar.*" ! -name '*.asc' | head -1)" -C "/windows/build/$1" --strip-components=1
    cd "/windows/build/$1"
}

# run COMMAND...: shows the end of what it says if it fails
run() {
    "$@" >/windows/build/log 2>&1 || {
        tail -20 /windows/build/log
        exit 1
    }
}

# Runs the rest of its line unless NAME is installed already: `once NAME COMMAND OPTION...`, which is COMMAND NAME OPTION...
once() {
    name=$1
    command=$2
    shift 2
    [ ! -e "/windows/build/$name.installed" ] || return 0
    $command "$name" "$@"
    touch "/windows/build/$name.installed"
}

# autotools NAME OPTION...
autotools() {
    unpack "$1"
    shift
    [ -x configure ] || run autoreconf -fi
    run ./configure --host=$host --prefix=$prefix --libdir=$prefix/lib --disable-dependency-tracking "$@"
    run make -j"$jobs"
    run make install # nettle's does not wait for what it installs
}

# with_cmake NAME FOLDER OPTION...
with_cmake() {
    unpack "$1"
    folder=$2
    shift 2
    run env -u CPPFLAGS -u LDFLAGS cmake -G Ninja -S "$folder" -B build-windows -DCMAKE_TOOLCHAIN_FILE=/windows/toolchain.cmake \
        -DCMAKE_INSTALL_PREFIX=$prefix -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POLICY_VERSION_MINIMUM=3.5 "$@"
    run ninja -C build-windows -j"$jobs" install
}

# Debian's source has no documentation, which configure looks for.
gmp() {
    unpack "$1"
    mkdir -p doc
    printf 'all install:\n' >doc/Makefile.in
    run ./configure --host=$host --prefix=$prefix --libdir=$prefix/lib --disable-static --enable-shared --disable-cxx
    run make -j"$jobs"
    run make install
}

glib() {
    unpack "$1"
    cat >cross.ini <<CROSS
[binaries]
c = '$host-gcc'
cpp = '$host-g++'
ar = '$host-ar'
strip = '$host-strip'
windres = '$host-windres'
pkg-config = 'pkg-config'
[built-in options]
c_args = ['-I$prefix/include', '-g0', '-w']
c_link_args = ['-L$prefix/lib']
cpp_args = ['-I$prefix/include', '-g0', '-w']
cpp_link_args = ['-L$prefix/lib']
[properties]
pkg_config_libdir = '$PKG_CONFIG_LIBDIR'
needs_exe_wrapper = true
[host_machine]
system = 'windows'
cpu_family = 'x86_64'
cpu = 'x86_64'
endian = 'little'
CROSS
    run env -u CFLAGS -u CPPFLAGS -u LDFLAGS meson setup build-windows --cross-file cross.ini --prefix=$prefix --libdir=lib \
        --buildtype=plain -Doptimization=1 -Dtests=false -Dnls=disabled -Dlibmount=disabled -Dman-pages=disabled \
        -Dintrospection=disabled -Dselinux=disabled -Dxattr=false -Dsysprof=disabled -Ddocumentation=false \
        -Dglib_debug=disabled --wrap-mode=nodownload
    run ninja -j"$jobs" -C build-windows install
}

cat >/windows/toolchain.cmake <<TOOLCHAIN
set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER $host-gcc)
set(CMAKE_CXX_COMPILER $host-g++)
set(CMAKE_RC_COMPILER $host-windres)
set(CMAKE_FIND_ROOT_PATH $prefix /usr/$host)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
TOOLCHAIN

if [ ! -e $prefix/lib/libintl.a ]; then # GLib wants translations; here they are the texts themselves
    echo "libintl ..."
    cat >$prefix/include/libintl.h <<'HEADER'
#ifndef LIBINTL_H
#define LIBINTL_H
char *gettext(const char *);
char *dgettext(const char *, const char *);
char *dcgettext(const char *, const char *, int);
char *ngettext(const char *, const char *, unsigned long);
char *dngettext(const char *, const char *, const char *, unsigned long);
char *textdomain(const char *);
char *bindtextdomain(const char *, const char *);
char *bind_textdomain_codeset(const char *, const char *);
#endif
HEADER
    cat >/windows/build/intl.c <<'SOURCE'
#include <libintl.h>
char *gettext(const char *m) { return (char *)m; }
char *dgettext(const char *d, const char *m) { return (char *)m; }
char *dcgettext(const char *d, const char *m, int c) { return (char *)m; }
char *ngettext(const char *a, const char *b, unsigned long n) { return (char *)(n == 1 ? a : b); }
char *dngettext(const char *d, const char *a, const char *b, unsigned long n) { return ngettext(a, b, n); }
char *textdomain(const char *d) { return (char *)d; }
char *bindtextdomain(const char *d, const char *f) { return (char *)f; }
char *bind_textdomain_codeset(const char *d, const char *c) { return (char *)c; }
SOURCE
    $host-gcc -I$prefix/include -O1 -w -c /windows/build/intl.c -o /windows/build/intl.o
    $host-ar rcs $prefix/lib/libintl.a /windows/build/intl.o
fi

once libffi autotools --disable-docs --disable-multi-os-directory
once pcre2 autotools --disable-static --disable-pcre2grep-jit
once glib2.0 glib
once gmp gmp
once nettle autotools --disable-documentation --disable-openssl --disable-static --enable-shared
once cmocka with_cmake . -DWITH_EXAMPLES=OFF -DUNIT_TESTING=OFF
once c-ares with_cmake . -DCARES_BUILD_TOOLS=OFF -DCARES_BUILD_TESTS=OFF
once brotli with_cmake . -DBROTLI_DISABLE_TESTS=ON
once libzstd with_cmake build/cmake -DZSTD_BUILD_PROGRAMS=OFF -DZSTD_BUILD_STATIC=OFF
once speexdsp autotools --disable-examples --disable-static
once gnutls28 autotools --with-included-libtasn1 --with-included-unistring --without-p11-kit --disable-cxx \
    --disable-tools --disable-tests --disable-doc --disable-nls --without-idn --without-zlib --without-brotli \
    --without-zstd --without-tpm --without-tpm2 --disable-static --disable-libdane --disable-hardware-acceleration

# Debian's own, built for another C runtime; that does no harm, as no FILE and no memory crosses their border.
cp -n /usr/x86_64-w64-mingw32/include/gcrypt.h /usr/x86_64-w64-mingw32/include/gpg-error.h \
    /usr/x86_64-w64-mingw32/include/gpgrt.h $prefix/include/
cp -n /usr/x86_64-w64-mingw32/lib/libgcrypt.dll.a /usr/x86_64-w64-mingw32/lib/libgpg-error.dll.a $prefix/lib/
cp -n /usr/x86_64-w64-mingw32/bin/*.dll $prefix/bin/
cp -n /usr/$host/include/zlib.h /usr/$host/include/zconf.h $prefix/include/
cp -n /usr/$host/lib/libz.dll.a $prefix/lib/
cp -n /usr/$host/lib/zlib1.dll /usr/$host/lib/libwinpthread-1.dll /usr/lib/gcc/$host/*/libgcc_s_seh-1.dll $prefix/bin/
