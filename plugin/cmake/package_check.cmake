# Read by cpack when it starts: what it needs beside itself, and the date that all files of the package get, so that it
# is the same from the same source.
#
# SPDX-License-Identifier: GPL-2.0-or-later
find_program(shlibdeps dpkg-shlibdeps)
if(NOT shlibdeps)
  message(FATAL_ERROR "tlswhy: cpack needs dpkg-shlibdeps, to find the package's dependencies: install dpkg-dev")
endif()
if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
  execute_process(COMMAND dpkg-parsechangelog -l "${CPACK_TLSWHY_CHANGELOG}" -S Timestamp
    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE)
  set(ENV{SOURCE_DATE_EPOCH} "${date}")
endif()
