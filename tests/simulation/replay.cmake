# cmake -D simulate=PROGRAM -D seeds=N -P replay.cmake: two processes, the same seeds, the same steps.
foreach (process first second)
  execute_process(COMMAND "${simulate}" --seeds "${seeds}" --no-shrink
    OUTPUT_VARIABLE text RESULT_VARIABLE failed)
  string(REGEX MATCH "trace hash [0-9a-f]+" ${process} "${text}")
  if (failed OR NOT ${process})
    message(FATAL_ERROR "${text}")
  endif ()
endforeach ()
if (NOT first STREQUAL second)
  message(FATAL_ERROR "the ${process} process went another way: ${first}, ${second}")
endif ()
