# Writes the migrations into one C++ file: cmake -DOUT=<file> -DSQL=<folder> -DFILES=<list> -P embed.cmake
# FILES are relative to SQL, in order: <database>/<number>_<name>.sql.

set(databases "")
foreach (file IN LISTS FILES)
  if (NOT file MATCHES "^([a-z]+)/0*([0-9]+)_([a-z0-9_]+)[.]sql$")
    message(FATAL_ERROR "sql/${file}: expected <database>/<number>_<name>.sql")
  endif ()
  set(database "${CMAKE_MATCH_1}")
  file(READ "${SQL}/${file}" text)
  string(APPEND rows_${database} "  migration{${CMAKE_MATCH_2}, \"${CMAKE_MATCH_3}\", R\"sql(${text})sql\"},\n")
  list(APPEND databases "${database}")
endforeach ()
list(REMOVE_DUPLICATES databases)

set(source "// Made from sql/ by sql/embed.cmake.\n#include \"storage/migration.hpp\"\n\n#include <array>\n\nnamespace callboard {\n")
foreach (database IN LISTS databases)
  string(APPEND source "\nstd::span<const migration> ${database}_migrations() {\n"
    "  static constexpr std::array steps{\n${rows_${database}}  };\n  return steps;\n}\n")
endforeach ()
string(APPEND source "\n} // namespace callboard\n")
file(WRITE "${OUT}" "${source}")
