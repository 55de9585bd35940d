# `cpack` in the build folder makes a Debian package for the Wireshark of this machine.
#
# The plugin's folder and its library are those of one minor version of Wireshark (4.0, 4.4 ...), and so is the name
# of the library's package (libwireshark16, libwireshark18 ...). dpkg-shlibdeps finds it, so the package cannot be
# installed beside another version.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tlswhy)
# Maintainer and description stand in plugin/debian/control.
file(READ plugin/debian/control control)
string(REGEX MATCH "\nMaintainer: ([^\n]+)\n" matched "${control}")
set(CPACK_PACKAGE_CONTACT "${CMAKE_MATCH_1}")
string(REGEX MATCH "\nDescription: ([^\n]+)\n(.*)" matched "${control}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${CMAKE_MATCH_1}")
string(REGEX REPLACE "\n " "\n" description "\n${CMAKE_MATCH_2}")
string(STRIP "${description}" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tshark) # the command runs it
set(CPACK_DEBIAN_PACKAGE_SUGGESTS wireshark)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON) # the plugin's folder is an absolute one
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
if(TLSWHY_GZIP AND EXISTS /usr/share/common-licenses/GPL-2)
  execute_process(COMMAND ${TLSWHY_GZIP} -9nc "${CMAKE_SOURCE_DIR}/plugin/debian/changelog"
    OUTPUT_FILE "${CMAKE_BINARY_DIR}/changelog.gz")
  install(FILES "${CMAKE_BINARY_DIR}/changelog.gz" DESTINATION "${document_dir}")
endif()
set(CPACK_TLSWHY_CHANGELOG "${CMAKE_SOURCE_DIR}/plugin/debian/changelog")
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/plugin/cmake/package_check.cmake")
include(CPack)
