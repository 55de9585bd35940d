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
execute_process(COMMAND sh "${CMAKE_BINARY_DIR}/tlswhy" --help OUTPUT_VARIABLE usage)
string(REPLACE ";" "\\;" usage "${usage}")
string(REPLACE "\n" ";" usage "${usage}")
set(MANUAL_OPTIONS "")
foreach(line IN LISTS usage)
  if(line MATCHES "^  (-[^ ]+( [^ ]+)*)  +(.*)$")
    to_roff("${CMAKE_MATCH_1}" option)
    to_roff("${CMAKE_MATCH_3}" text)
    string(APPEND MANUAL_OPTIONS ".TP\n.B ${option}\n${text}\n")
  elseif(line MATCHES "^  (-[^ ]+( [^ ]+)*)$") # too long for a text beside it
    to_roff("${CMAKE_MATCH_1}" option)
    string(APPEND MANUAL_OPTIONS ".TP\n.B ${option}\n")
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

# FIELD(variable, "label", "name", type, display, strings, "description")
file(STRINGS plugin/catalogue/fields.def rows REGEX "^FIELD\\(")
set(MANUAL_FIELDS "")
foreach(row IN LISTS rows)
  if(row MATCHES "^FIELD\\([a-z_0-9]+, \"[^\"]+\", \"([^\"]+)\", .*, \"([^\"]+)\"\\)$")
    to_roff("${CMAKE_MATCH_1}" name)
    to_roff("${CMAKE_MATCH_2}" text)
    string(APPEND MANUAL_FIELDS ".TP\n.B ${name}\n${text}\n")
  endif()
endforeach()

# The names of JSON are those of README's table.
file(READ README readme)
string(REGEX MATCH "\\| name \\| what it is \\|\n\\|---\\|---\\|\n(\\|[^\n]*\n)+" table "${readme}")
string(REPLACE ";" "\\;" table "${table}")
string(REPLACE "\n" ";" table "${table}")
set(MANUAL_JSON "")
foreach(row IN LISTS table)
  if(row MATCHES "^\\| (`.*) \\| (.*) \\|$")
    to_roff("${CMAKE_MATCH_1}" name)
    to_roff("${CMAKE_MATCH_2}" text)
    string(REPLACE "`" "" name "${name}")
    string(REPLACE "`" "" text "${text}")
    string(APPEND MANUAL_JSON ".TP\n.B ${name}\n${text}\n")
  endif()
endforeach()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS plugin/catalogue/causes.def plugin/catalogue/fields.def README)
configure_file(plugin/command/tlswhy.1.in tlswhy.1 @ONLY)

# Compressed where that can be done in the same way each time, as distributions want it.
set(manual_page "${CMAKE_BINARY_DIR}/tlswhy.1")
find_program(TLSWHY_GZIP gzip)
if(TLSWHY_GZIP)
  execute_process(COMMAND ${TLSWHY_GZIP} -9nkf "${manual_page}")
  set(manual_page "${manual_page}.gz")
endif()
