# `cpack` in the build folder makes a Debian package for the Wireshark of this machine.
#
# The plugin's folder and its library are those of one minor version of Wireshark (4.0, 4.4 ...), and so is the name
# of the library's package (libwireshark16, libwireshark18 ...). dpkg-shlibdeps finds it, so the package cannot be
# installed beside another version.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tlswhy)
set(CPACK_PACKAGE_CONTACT "the authors of tlswhy <tlswhy@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "explains why a TLS handshake failed (plugin for Wireshark)")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"tlswhy reads from a capture why a TLS or DTLS handshake failed: who rejected
what, in which phase, and the cause, with the frames that prove it. It adds the
verdict to Wireshark's packet details, columns, expert information and
statistics, and brings the command tlswhy and the profile TLS Troubleshooting.")
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
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_SOURCE_DIR}/plugin/cmake/package_check.cmake")
include(CPack)
