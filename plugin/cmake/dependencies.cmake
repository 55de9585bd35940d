# What the build needs. Whatever is missing is reported at once, one line each, by the names of the packages that bring it.
#
# Where there is no pkg-config, on Windows, the libraries are searched in CMAKE_PREFIX_PATH, or named one by one:
#   TLSWHY_GLIB_INCLUDE_DIR, TLSWHY_GLIB_CONFIG_DIR (of glibconfig.h), TLSWHY_GLIB_LIBRARY,
#   TLSWHY_GNUTLS_INCLUDE_DIR, TLSWHY_GNUTLS_LIBRARY, and so for ZLIB, BROTLI, ZSTD.
# A Wireshark without its WiresharkConfig.cmake is named by
#   TLSWHY_WIRESHARK_VERSION (4.4), TLSWHY_WIRESHARK_INCLUDE_DIRS, TLSWHY_WIRESHARK_LIBRARIES (wireshark and wsutil).
#
# SPDX-License-Identifier: GPL-2.0-or-later
file(STRINGS plugin/packages.txt package_table REGEX "^[^#]")

# What the table has for WHAT, as "PACKAGE (Debian/Ubuntu), ...".
function(tlswhy_packages what result)
  foreach(row IN LISTS package_table)
    if(row MATCHES "^${what} +([^ ]+) +([^ ]+) +([^ ]+) +([^ ]+) +([^ ]+)$")
      string(CONCAT names "${CMAKE_MATCH_1} (Debian/Ubuntu), ${CMAKE_MATCH_2} (Fedora/RHEL), "
        "${CMAKE_MATCH_3} (openSUSE), ${CMAKE_MATCH_4} (Arch), ${CMAKE_MATCH_5} (Alpine)")
    endif()
  endforeach()
  set(${result} "${names}" PARENT_SCOPE)
endfunction()

set(missing "")
macro(tlswhy_missing what is)
  tlswhy_packages(${what} names)
  string(APPEND missing "\n  tlswhy: ${is} missing: install ${names}")
endmacro()

# Makes the target PkgConfig::NAME and sets NAME_FOUND. MODULE: pkg-config's; HEADER and the libraries' names are for
# where it has none.
macro(tlswhy_library name module header)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(${name} QUIET IMPORTED_TARGET ${module})
  endif()
  if(NOT PKG_CONFIG_FOUND AND (WIN32 OR TLSWHY_${name}_LIBRARY))
    find_path(TLSWHY_${name}_INCLUDE_DIR ${header} PATH_SUFFIXES glib-2.0)
    find_library(TLSWHY_${name}_LIBRARY NAMES ${ARGN})
    if(TLSWHY_${name}_INCLUDE_DIR AND TLSWHY_${name}_LIBRARY)
      set(${name}_FOUND TRUE)
      add_library(PkgConfig::${name} INTERFACE IMPORTED)
      target_include_directories(PkgConfig::${name} INTERFACE ${TLSWHY_${name}_INCLUDE_DIR})
      target_link_libraries(PkgConfig::${name} INTERFACE ${TLSWHY_${name}_LIBRARY})
    endif()
  endif()
endmacro()

find_package(PkgConfig QUIET)
tlswhy_library(GLIB glib-2.0 glib.h glib-2.0)
if(TLSWHY_GLIB_LIBRARY)
  find_path(TLSWHY_GLIB_CONFIG_DIR glibconfig.h PATH_SUFFIXES lib/glib-2.0/include glib-2.0/include
    HINTS "${TLSWHY_GLIB_INCLUDE_DIR}/../../lib/glib-2.0/include")
  target_include_directories(PkgConfig::GLIB INTERFACE ${TLSWHY_GLIB_CONFIG_DIR})
endif()
if(TLSWHY_GNUTLS)
  tlswhy_library(GNUTLS gnutls gnutls/gnutls.h gnutls)
endif()

if(NOT PKG_CONFIG_FOUND AND NOT (GLIB_FOUND AND (GNUTLS_FOUND OR NOT TLSWHY_GNUTLS)))
  tlswhy_missing(pkg-config "pkg-config is")
else()
  if(NOT GLIB_FOUND)
    tlswhy_missing(GLib "GLib's development files are")
  endif()
  if(TLSWHY_GNUTLS AND NOT GNUTLS_FOUND)
    tlswhy_missing(GnuTLS "GnuTLS's development files are")
  endif()
endif()

if(TLSWHY_WIRESHARK_LIBRARIES)
  set(Wireshark_VERSION ${TLSWHY_WIRESHARK_VERSION})
  set(Wireshark_INSTALL_PREFIX "${CMAKE_INSTALL_PREFIX}")
  set(Wireshark_PLUGIN_INSTALL_DIR "${CMAKE_INSTALL_PREFIX}/lib/wireshark/plugins/${TLSWHY_WIRESHARK_VERSION}")
  foreach(library epan wsutil)
    add_library(${library} INTERFACE IMPORTED)
    target_include_directories(${library} INTERFACE ${TLSWHY_WIRESHARK_INCLUDE_DIRS})
    target_link_libraries(${library} INTERFACE ${TLSWHY_WIRESHARK_LIBRARIES})
  endforeach()
else()
  find_package(Wireshark CONFIG QUIET HINTS /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/wireshark/cmake)
  if(NOT Wireshark_FOUND)
    tlswhy_missing(Wireshark "Wireshark's development files are")
  endif()
endif()

if(missing AND WIN32)
  string(APPEND missing "\n  tlswhy: or name them in CMake's variables: see plugin/cmake/dependencies.cmake")
endif()
if(missing)
  message(FATAL_ERROR "${missing}\n")
endif()
if(Wireshark_VERSION VERSION_LESS 3.4)
  message(FATAL_ERROR "\n  tlswhy: Wireshark ${Wireshark_VERSION} is too old: 3.4 or newer is needed\n")
endif()

# Before 4.0 no installed header says the version, and the libraries name others that nothing here calls, whose
# development files nobody has.
if(Wireshark_VERSION VERSION_LESS 4.0)
  string(REGEX MATCHALL "[0-9]+" numbers ${Wireshark_VERSION})
  list(GET numbers 0 major)
  list(GET numbers 1 minor)
  add_compile_definitions(WIRESHARK_VERSION_MAJOR=${major} WIRESHARK_VERSION_MINOR=${minor})
  foreach(library epan wsutil wiretap)
    if(TARGET ${library})
      set_property(TARGET ${library} PROPERTY IMPORTED_LINK_INTERFACE_LIBRARIES "")
      set_property(TARGET ${library} PROPERTY INTERFACE_LINK_LIBRARIES "")
    endif()
  endforeach()
endif()

# Their targets name GLib's folders as they lie on the machine that Wireshark is for; a cross build has them in its root.
if(CMAKE_SYSROOT)
  foreach(library epan wiretap wsutil)
    if(TARGET ${library})
      foreach(property INTERFACE_INCLUDE_DIRECTORIES INTERFACE_SYSTEM_INCLUDE_DIRECTORIES INTERFACE_LINK_LIBRARIES)
        get_target_property(places ${library} ${property})
        if(places)
          list(TRANSFORM places REPLACE "^/usr/" "${CMAKE_SYSROOT}/usr/")
          set_property(TARGET ${library} PROPERTY ${property} ${places})
        endif()
      endforeach()
    endif()
  endforeach()
endif()
