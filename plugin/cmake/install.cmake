# Where the plugin and the command go, and how to take them away again.
#
# SPDX-License-Identifier: GPL-2.0-or-later
if(TLSWHY_USER_INSTALL)
  # Wireshark reads this folder for everybody but root. Its name ends as the global one's does.
  get_filename_component(plugin_abi "${Wireshark_PLUGIN_INSTALL_DIR}" NAME)
  set(plugin_dir "$ENV{HOME}/.local/lib/wireshark/plugins/${plugin_abi}/epan")
  set(command_dir "$ENV{HOME}/.local/bin")
else()
  set(plugin_dir "${Wireshark_PLUGIN_INSTALL_DIR}/epan")
  set(command_dir bin) # of the install prefix
endif()

install(TARGETS tlswhy LIBRARY DESTINATION "${plugin_dir}")
install(PROGRAMS "${CMAKE_BINARY_DIR}/tlswhy" DESTINATION "${command_dir}")

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -P "${CMAKE_SOURCE_DIR}/plugin/cmake/uninstall.cmake"
  WORKING_DIRECTORY "${CMAKE_BINARY_DIR}"
  VERBATIM)
