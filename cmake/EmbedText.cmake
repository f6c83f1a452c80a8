# Turns a text file into a C++ string: cmake -D IN=<file> -D OUT=<file> -D NAME=<identifier> -P EmbedText.cmake
# The file becomes part of the program, so that serving it never opens anything a client named.
file(READ "${IN}" text)
if (text MATCHES "\\)embed\"")
  message(FATAL_ERROR "${IN} holds the raw string's own end mark")
endif ()
file(WRITE "${OUT}"
  "#include <string_view>\nnamespace callboard::web {\nextern const std::string_view ${NAME};\n"
  "const std::string_view ${NAME} = R\"embed(${text})embed\";\n}\n")
