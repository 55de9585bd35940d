# The decoders of compressed certificates (RFC 8879) . Any may be missing: what it would read is
# then said to be unread. Wireshark itself uses them wherever they are, so that a package of the plugin brings nothing new.
#
# SPDX-License-Identifier: GPL-2.0-or-later
add_library(tlswhy_decoders INTERFACE)

# name: of the variables that tell of it (BROTLI_FOUND ...), and of the definition that the sources ask for
macro(tlswhy_decoder name module header library)
  if(NOT in_tree) # Wireshark's build has looked for it
    tlswhy_library(${name} ${module} ${header} ${library} ${ARGN})
  endif()
  if(${name}_FOUND)
    target_compile_definitions(tlswhy_decoders INTERFACE TLSWHY_${name})
    if(in_tree)
      target_include_directories(tlswhy_decoders INTERFACE ${${name}_INCLUDE_DIRS})
      target_link_libraries(tlswhy_decoders INTERFACE ${${name}_LIBRARIES})
    else()
      target_link_libraries(tlswhy_decoders INTERFACE PkgConfig::${name})
    endif()
  else()
    message(STATUS "tlswhy: ${module} not found: certificates compressed for it will not be read")
  endif()
endmacro()

tlswhy_decoder(ZLIB zlib zlib.h z zlib zdll)
tlswhy_decoder(BROTLI libbrotlidec brotli/decode.h brotlidec)
tlswhy_decoder(ZSTD libzstd zstd.h zstd)
