# As a folder of Wireshark's own source tree: Wireshark's build has found GLib and GnuTLS (on Windows without
# pkg-config), and has its own ways of building and installing a plugin.
#
# SPDX-License-Identifier: GPL-2.0-or-later
include(WiresharkPlugin)

if(NOT GNUTLS_FOUND) # which Wireshark can do without
  set(TLSWHY_GNUTLS OFF)
endif()

set(TLSWHY_DOOR OFF) # a part of Wireshark does not change Wireshark's tables

# By the names that pkg-config's have in a build of its own.
add_library(PkgConfig::GLIB INTERFACE IMPORTED)
target_include_directories(PkgConfig::GLIB INTERFACE ${GLIB2_INCLUDE_DIRS})
target_link_libraries(PkgConfig::GLIB INTERFACE ${GLIB2_LIBRARIES})
if(TLSWHY_GNUTLS)
  add_library(PkgConfig::GNUTLS INTERFACE IMPORTED)
  target_include_directories(PkgConfig::GNUTLS INTERFACE ${GNUTLS_INCLUDE_DIRS})
  target_link_libraries(PkgConfig::GNUTLS INTERFACE ${GNUTLS_LIBRARIES})
endif()

macro(tlswhy_add_plugin)
  set(PLUGIN_FILES ${ARGN})
  add_wireshark_plugin_library(tlswhy epan)
  install_plugin(tlswhy epan)
endmacro()
