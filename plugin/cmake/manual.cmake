# The manual page, made from plugin/command/tlswhy.1.in. Options and causes are taken from where they are defined: the usage
# text of the command, and causes.def.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# What stands for itself in roff.
function(to_roff text result)
  string(REPLACE "\\" "\\e" text "${text}")
  string(REPLACE "-" "\\-" text "${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# "  --keys FILE    TLS key log ...": an option, blanks, what it does; deeper indented lines continue it.
execute_process(COMMAND sh "${CMAKE_SOURCE_DIR}/plugin/command/tlswhy.sh" --help OUTPUT_VARIABLE usage)
string(REPLACE ";" "\\;" usage "${usage}")
string(REPLACE "\n" ";" usage "${usage}")
set(MANUAL_OPTIONS "")
foreach(line IN LISTS usage)
  if(line MATCHES "^  (-[^ ]+( [^ ]+)*)  +(.*)$")
    to_roff("${CMAKE_MATCH_1}" option)
    to_roff("${CMAKE_MATCH_3}" text)
    string(APPEND MANUAL_OPTIONS ".TP\n.B ${option}\n${text}\n")
  elseif(line MATCHES "^   +([^ ].*)$" AND MANUAL_OPTIONS)
    to_roff("${CMAKE_MATCH_1}" text)
    string(APPEND MANUAL_OPTIONS "${text}\n")
  endif()
endforeach()

file(STRINGS plugin/catalogue/causes.def rows REGEX "^CAUSE\\(|^ +\\.title = ")
set(MANUAL_CAUSES "")
foreach(row IN LISTS rows)
  if(row MATCHES "\\.id = \"([^\"]+)\"")
    to_roff("${CMAKE_MATCH_1}" id)
    string(APPEND MANUAL_CAUSES ".TP\n.B ${id}\n")
  elseif(row MATCHES "\\.title = \"([^\"]+)\"")
    to_roff("${CMAKE_MATCH_1}" title)
    string(APPEND MANUAL_CAUSES "${title}\n")
  endif()
endforeach()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS plugin/command/tlswhy.sh plugin/catalogue/causes.def)
configure_file(plugin/command/tlswhy.1.in tlswhy.1 @ONLY)

# Compressed where that can be done in the same way each time, as distributions want it.
set(manual_page "${CMAKE_BINARY_DIR}/tlswhy.1")
find_program(TLSWHY_GZIP gzip)
if(TLSWHY_GZIP)
  execute_process(COMMAND ${TLSWHY_GZIP} -9nkf "${manual_page}")
  set(manual_page "${manual_page}.gz")
endif()
