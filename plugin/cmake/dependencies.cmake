# What the build needs. Whatever is missing is reported at once, one line each, by the names of the
# packages that bring it.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(missing "")
macro(tlswhy_missing what debian fedora arch)
  string(APPEND missing
    "\n  tlswhy: ${what} missing: install ${debian} (Debian/Ubuntu), ${fedora} (Fedora), ${arch} (Arch)")
endmacro()

find_package(PkgConfig QUIET)
if(PKG_CONFIG_FOUND)
  pkg_check_modules(GLIB QUIET IMPORTED_TARGET glib-2.0)
  pkg_check_modules(GNUTLS QUIET IMPORTED_TARGET gnutls)
  if(NOT GLIB_FOUND)
    tlswhy_missing("GLib's development files are" libglib2.0-dev glib2-devel glib2)
  endif()
  if(NOT GNUTLS_FOUND)
    tlswhy_missing("GnuTLS's development files are" libgnutls28-dev gnutls-devel gnutls)
  endif()
else()
  tlswhy_missing("pkg-config is" pkg-config pkgconf-pkg-config pkgconf)
endif()

find_package(Wireshark CONFIG QUIET)
if(NOT Wireshark_FOUND)
  tlswhy_missing("Wireshark's development files are" wireshark-dev wireshark-devel wireshark-cli)
endif()

if(missing)
  message(FATAL_ERROR "${missing}\n")
endif()
if(Wireshark_VERSION VERSION_LESS 4.0)
  message(FATAL_ERROR "\n  tlswhy: Wireshark ${Wireshark_VERSION} is too old: 4.0 or newer is needed\n")
endif()
