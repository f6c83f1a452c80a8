# Every library that the project uses. All of them are Debian packages; ./run installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
# CAF's own package file, where there is one. It calls 1.x incompatible with a wish for 0.17: asked without.
find_package(CAF QUIET CONFIG COMPONENTS core)
if (NOT CAF_FOUND OR CAF_VERSION VERSION_LESS 0.17.6)
  find_package(CAF 0.17.6 REQUIRED MODULE) # cmake/FindCAF.cmake
endif ()
find_package(Boost 1.74 REQUIRED)
find_package(nlohmann_json 3.10 REQUIRED)
find_package(SQLite3 3.37 REQUIRED)
pkg_check_modules(pqxx REQUIRED IMPORTED_TARGET libpqxx)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)

# The page is compressed at build time. Both are looked for before either is complained about.
find_package(ZLIB QUIET)
pkg_check_modules(brotli QUIET IMPORTED_TARGET libbrotlienc)
if (NOT ZLIB_FOUND OR NOT brotli_FOUND)
  message(FATAL_ERROR "zlib or brotli is missing: they compress the page that the server serves.\n"
    "  sudo apt-get install zlib1g-dev libbrotli-dev      (./run and ./test do that by themselves)")
endif ()

# The full-screen client. Said by name: pkg-config's own complaint does not tell what to install.
pkg_check_modules(ncursesw IMPORTED_TARGET ncursesw)
pkg_check_modules(utf8proc IMPORTED_TARGET libutf8proc)
if (NOT ncursesw_FOUND OR NOT utf8proc_FOUND)
  message(FATAL_ERROR "ncursesw or libutf8proc is missing. On Debian and Ubuntu: "
    "sudo apt install libncurses-dev libutf8proc-dev  (./run and ./test do it by themselves)")
endif ()
