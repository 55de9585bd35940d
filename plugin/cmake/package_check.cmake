# Read by cpack when it starts: what it needs beside itself.
#
# SPDX-License-Identifier: GPL-2.0-or-later
find_program(shlibdeps dpkg-shlibdeps)
if(NOT shlibdeps)
  message(FATAL_ERROR "tlswhy: cpack needs dpkg-shlibdeps, to find the package's dependencies: install dpkg-dev")
endif()
