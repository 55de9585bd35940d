# Hardened as Debian's packages are (dpkg-buildflags), and the same bytes from the same source in any folder.
# What the compiler does not know is left out. -DTLSWHY_HARDENING=OFF leaves all of it to the caller's flags.
#
# SPDX-License-Identifier: GPL-2.0-or-later
include(CheckCCompilerFlag)
include(CheckCSourceCompiles)

option(TLSWHY_HARDENING "Build with hardening flags" ON)

# Those of FLAGS that the linker knows, in RESULT: the linkers of Windows and macOS have no -z.
function(tlswhy_linker_knows result)
  set(list "")
  foreach(flag IN LISTS ARGN)
    string(MAKE_C_IDENTIFIER "TLSWHY${flag}" known)
    set(CMAKE_REQUIRED_LINK_OPTIONS ${flag})
    check_c_source_compiles("int main(void) { return 0; }" ${known})
    if(${known})
      list(APPEND list ${flag})
    endif()
  endforeach()
  set(${result} ${list} PARENT_SCOPE)
endfunction()

foreach(flag
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=."
    "-ffile-prefix-map=${CMAKE_BINARY_DIR}=build")
  string(MAKE_C_IDENTIFIER "TLSWHY${flag}" known)
  check_c_compiler_flag("${flag}" ${known})
  if(${known})
    list(APPEND reproducible "${flag}") # for what is installed; the tests find their files by their own path
  endif()
endforeach()

if(TLSWHY_HARDENING)
  foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
    string(MAKE_C_IDENTIFIER "TLSWHY${flag}" known)
    check_c_compiler_flag(${flag} ${known})
    if(${known})
      add_compile_options(${flag})
    endif()
  endforeach()
  add_compile_options(-Wformat -Werror=format-security)
  if(NOT CMAKE_C_FLAGS MATCHES "FORTIFY_SOURCE" AND NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2) # needs optimisation
  endif()
  tlswhy_linker_knows(hardening -Wl,-z,relro -Wl,-z,now)
  add_link_options(${hardening})
endif()
