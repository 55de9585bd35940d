# Removes what the last installation from this build folder wrote.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(manifest "${CMAKE_BINARY_DIR}/install_manifest.txt")
if(NOT EXISTS "${manifest}")
  message(FATAL_ERROR "tlswhy: nothing was installed from this build folder")
endif()
file(STRINGS "${manifest}" installed)
foreach(path IN LISTS installed)
  message(STATUS "Removing: ${path}")
  file(REMOVE "${path}")
endforeach()
