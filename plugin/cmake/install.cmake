# Where plugin, profile, command and manual go, and how to take them away again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(profile "TLS Troubleshooting")
if(WIN32)
  # One folder for all, the user's own or the one where Wireshark is installed. The command is a shell script, and stays out.
  set(wireshark_dir "${Wireshark_INSTALL_PREFIX}")
  if(TLSWHY_USER_INSTALL)
    file(TO_CMAKE_PATH "$ENV{APPDATA}/Wireshark" wireshark_dir)
  endif()
  string(REGEX MATCH "^[0-9]+[.][0-9]+" plugin_abi "${Wireshark_VERSION}")
  set(plugin_dir "${wireshark_dir}/plugins/${plugin_abi}/epan")
  set(profiles_dir "${wireshark_dir}/profiles")
  set(document_dir "${wireshark_dir}/tlswhy")
elseif(TLSWHY_USER_INSTALL)
  # Wireshark reads these folders for everybody but root. The first one's name ends as the global one's does.
  get_filename_component(plugin_abi "${Wireshark_PLUGIN_INSTALL_DIR}" NAME)
  set(plugin_dir "$ENV{HOME}/.local/lib/wireshark/plugins/${plugin_abi}/epan")
  set(command_dir "$ENV{HOME}/.local/bin")
  set(manual_dir "$ENV{HOME}/.local/share/man/man1")
  set(document_dir "$ENV{HOME}/.local/share/doc/tlswhy")
  set(profiles_dir "$ENV{HOME}/.config/wireshark/profiles")
  if(DEFINED ENV{XDG_CONFIG_HOME})
    set(profiles_dir "$ENV{XDG_CONFIG_HOME}/wireshark/profiles")
  endif()
else()
  set(plugin_dir "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
  set(command_dir bin) # of the install prefix, as the next two
  set(manual_dir share/man/man1)
  set(document_dir share/doc/tlswhy)
  set(profiles_dir "${Wireshark_INSTALL_PREFIX}/share/wireshark/profiles")
endif()

install(TARGETS tlswhy LIBRARY DESTINATION "${plugin_dir}")
install(DIRECTORY plugin/profile/ DESTINATION "${profiles_dir}/${profile}")
if(NOT WIN32)
  install(PROGRAMS "${CMAKE_BINARY_DIR}/tlswhy" DESTINATION "${command_dir}")
  install(FILES "${manual_page}" DESTINATION "${manual_dir}")
endif()
install(FILES README DESTINATION "${document_dir}")
if(EXISTS /usr/share/common-licenses/GPL-2) # Debian: which has the licence's text once for all
  install(FILES plugin/debian/copyright DESTINATION "${document_dir}")
else()
  install(FILES COPYING DESTINATION "${document_dir}")
endif()

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -P "${CMAKE_SOURCE_DIR}/plugin/cmake/uninstall.cmake"
  WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
  VERBATIM)
