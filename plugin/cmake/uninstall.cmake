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

# An empty folder would stay behind as a profile of that name.
list(FILTER installed INCLUDE REGEX "/profiles/[^/]+/preferences$")
foreach(path IN LISTS installed)
  get_filename_component(folder "${path}" DIRECTORY)
  file(GLOB left "${folder}/*")
  if(NOT left)
    file(REMOVE_RECURSE "${folder}")
  endif()
endforeach()
