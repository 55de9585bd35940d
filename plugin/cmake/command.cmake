# The command tlswhy, one script of its parts.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set(command "#!/bin/sh\n")
foreach(part usage messages tshark lists others report annotate follow options tlswhy)
  set(part "plugin/command/${part}.sh")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${part})
  file(READ ${part} text)
  string(APPEND command "${text}\n")
endforeach()
string(CONFIGURE "${command}" command @ONLY)
file(WRITE "${CMAKE_BINARY_DIR}/command/tlswhy" "${command}")
file(COPY "${CMAKE_BINARY_DIR}/command/tlswhy" DESTINATION "${CMAKE_BINARY_DIR}"
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
