# callboard_library(<layer> SOURCES <file>... LINKS <public target>... PRIVATE <target>...)
#
# Defines callboard::<layer> from the folder of the same name. Includes are spelled from the
# repository's root: #include "actors/room.hpp". PRIVATE keeps a library out of the layers above.

# Several files of a target are one translation unit (decision 0036): what costs is the headers, most of all
# CAF's and Beast's. -DCMAKE_UNITY_BUILD=OFF compiles each alone.
option(CMAKE_UNITY_BUILD "Compile several files at once" ON)
set(CMAKE_UNITY_BUILD_BATCH_SIZE 6)

add_library(callboard_options INTERFACE)
target_compile_features(callboard_options INTERFACE cxx_std_20)
# Messages and frames have defaults for the fields that a sender leaves out.
target_compile_options(callboard_options INTERFACE
  -Wall -Wextra -Wpedantic -Wno-missing-field-initializers -fno-omit-frame-pointer)
# A file's own class may have members of its unnamed namespace, also when another file includes it.
if (CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(callboard_options INTERFACE -Wno-subobject-linkage)
endif ()
# False positives of GCC 12 in std::operator+ (its bug 105651), with optimisation only.
if (CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(callboard_options INTERFACE $<$<CONFIG:Release>:-Wno-restrict>)
endif ()
target_include_directories(callboard_options INTERFACE "${PROJECT_SOURCE_DIR}")

option(CALLBOARD_SANITIZE "Build with AddressSanitizer and UBSan" OFF)
if (CALLBOARD_SANITIZE)
  # CAF's own headers bind null references (caf.md, section 5): that one check stays off.
  target_compile_options(callboard_options INTERFACE -fsanitize=address,undefined -fno-sanitize=null)
  target_link_options(callboard_options INTERFACE -fsanitize=address,undefined)
else ()
  target_compile_definitions(callboard_options INTERFACE
    $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
endif ()

# callboard_files(<variable> <folder> <pattern>): what is there, looked at again whenever something
# comes or goes. Not CONFIGURE_DEPENDS: with that, no build ever has nothing to do, and ./run and
# ./test are silent when there is nothing.
function(callboard_files variable folder pattern)
  file(GLOB found "${folder}/${pattern}")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${folder}")
  set(${variable} "${found}" PARENT_SCOPE)
endfunction()

function(callboard_library layer)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;PRIVATE")
  if (NOT arg_SOURCES)
    add_library(callboard_${layer} INTERFACE)
    target_link_libraries(callboard_${layer} INTERFACE callboard_options ${arg_LINKS})
  else ()
    add_library(callboard_${layer} STATIC ${arg_SOURCES})
    target_link_libraries(callboard_${layer}
      PUBLIC callboard_options ${arg_LINKS} PRIVATE ${arg_PRIVATE})
  endif ()
  add_library(callboard::${layer} ALIAS callboard_${layer})
endfunction()
