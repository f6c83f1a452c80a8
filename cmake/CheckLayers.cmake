# Fails when a folder includes a folder, or a library, that it must not know, and when a library that
# one file owns is included by two. Run as a test: cmake -D root=<repository> -P CheckLayers.cmake

# server -> net -> actors -> {storage, wire, runtime} -> domain;  client -> {wire, runtime, domain}
set(domain_may  "domain")
set(runtime_may "domain|runtime|caf")
set(wire_may    "domain|wire|nlohmann|sodium")
set(storage_may "domain|storage|pqxx|libpq|postgresql|sqlite3")
set(actors_may  "domain|runtime|wire|storage|actors|caf")
set(net_may     "domain|runtime|wire|storage|actors|net|boost")
set(server_may  "domain|runtime|wire|storage|actors|net|server|caf|boost")
set(client_may  "domain|runtime|wire|client|caf|boost|curses|term|utf8proc")
set(bench_may   "bench|domain|storage|libpq|sqlite3") # of what it measures: bytes, tables, and the store alone

set(folders domain runtime wire storage actors net server client bench)
list(JOIN folders "|" folder)
set(libraries "caf|boost|pqxx|libpq|postgresql|sqlite3|nlohmann|sodium|curses|term|utf8proc")
set(watched "${folder}|tests|${libraries}")

foreach (layer IN LISTS folders)
  file(GLOB_RECURSE files RELATIVE "${root}" "${root}/${layer}/*.hpp" "${root}/${layer}/*.cpp")
  foreach (file IN LISTS files)
    file(STRINGS "${root}/${file}" lines REGEX "^ *# *include *[<\"](${watched})[-/.>\"]")
    foreach (line IN LISTS lines)
      if (NOT line MATCHES "[<\"](${${layer}_may})[-/.>\"]")
        message(SEND_ERROR "${file}: ${layer}/ must not say: ${line}")
      endif ()
      foreach (library pqxx sqlite3 nlohmann curses utf8proc)
        if (line MATCHES "<${library}[-/.]" AND NOT layer STREQUAL "bench")
          list(APPEND ${library}_owners "${file}")
        endif ()
      endforeach ()
    endforeach ()

    if (layer STREQUAL "domain") # The standard's headers have neither folder nor suffix.
      file(STRINGS "${root}/${file}" lines REGEX "^ *# *include *<[^>]*[/.]")
      foreach (line IN LISTS lines)
        message(SEND_ERROR "${file}: domain/ knows the standard library only, not: ${line}")
      endforeach ()
    endif ()
  endforeach ()
endforeach ()

foreach (library pqxx sqlite3 nlohmann curses utf8proc)
  list(REMOVE_DUPLICATES ${library}_owners)
  list(LENGTH ${library}_owners count)
  if (count GREATER 1)
    list(JOIN ${library}_owners ", " owners)
    message(SEND_ERROR "Only one file may include ${library}; these do: ${owners}")
  endif ()
endforeach ()
