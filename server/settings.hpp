// What the server was told to do. Whoever holds a `settings` holds values that were all checked.
#pragma once

#include "domain/limits.hpp"
#include "domain/socket_limits.hpp"
#include "runtime/log.hpp"
#include "runtime/options.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace callboard {

struct settings {
  std::string host = "127.0.0.1"; ///< An IP address.
  std::uint16_t port = 8000;      ///< 0: any free one.
  std::string database_url = "sqlite:callboard.db";
  log_level level = log_level::info;
  std::vector<std::string> allowed_origins; ///< Beside the server's own; "*" is any.
  std::string admin_token; ///< Shows figures to whoever has it; "": to this machine only.
  std::string web_dir;     ///< The page is read from here; "": the built-in one.
  std::size_t history_readers = 2;
  std::size_t worker_threads = 0; ///< 0: the I/O thread runs the actors.
  int ready_fd = -1;              ///< Gets one line once the server listens; -1: none.
  limits bounds;
  socket_limits sockets;

  std::string command;            ///< "" serves; "renew-epochs".
  bool check_only = false;        ///< `--check`: settings are fine, exit.
  std::vector<std::string> hints; ///< For the log: what is odd but does no harm.
};

/// `--help` or `--version`: print to stdout, exit 0.
struct settings_answer {
  std::string text;
};

/// Print to stderr, exit with the code (64 usage, 78 configuration). Every error of this start.
struct settings_error {
  int exit_code = exit_config;
  std::string text;
};

/// "0.1.0".
[[nodiscard]] std::string server_version();

/// The server's options, writing into `into`, `help` and `version`, all of which must outlive the
/// table.
[[nodiscard]] std::vector<option> server_options(settings& into, bool& help, bool& version);

/// Flags over environment over the `.env` file over defaults. Reads that one file, else touches
/// nothing.
[[nodiscard]] std::variant<settings, settings_answer, settings_error>
parse_settings(int argc, const char* const* argv, const environment& variables,
               const std::string& dotenv_path);

} // namespace callboard
