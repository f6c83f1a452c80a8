# cmake -D simulate=PROGRAM -D seeds=N -P replay.cmake: the same seeds make the same steps, in whatever
# process and whatever else has run in it before.
foreach (jobs 1 3)
  execute_process(COMMAND "${simulate}" --seeds "${seeds}" --no-shrink --jobs ${jobs}
    OUTPUT_VARIABLE text RESULT_VARIABLE failed)
  string(REGEX MATCH "trace hash [0-9a-f]+" hash_${jobs} "${text}")
  if (failed OR NOT hash_${jobs})
    message(FATAL_ERROR "${text}")
  endif ()
endforeach ()
if (NOT hash_1 STREQUAL hash_3)
  message(FATAL_ERROR "one process and three went different ways: ${hash_1}, ${hash_3}")
endif ()
