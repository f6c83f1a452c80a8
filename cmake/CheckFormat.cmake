# Fails where clang-format would change a source file. Run as a test:
# cmake -D root=<repository> -D clang_format=<program> -P CheckFormat.cmake

foreach (folder domain runtime wire storage actors net server client tests bench)
  file(GLOB_RECURSE found "${root}/${folder}/*.hpp" "${root}/${folder}/*.cpp")
  list(APPEND files ${found})
endforeach ()
if (NOT files)
  message(FATAL_ERROR "No source files below ${root}.")
endif ()

execute_process(COMMAND "${clang_format}" --dry-run --Werror ${files} RESULT_VARIABLE result)
if (NOT result EQUAL 0)
  message(FATAL_ERROR "Not formatted, see above. Mend it with: clang-format-14 -i <file>")
endif ()
