// Reads a `.env` file, which may be other programs' as well: whose line it is that cannot be
// understood is left to the caller. Each is named with its number; no value that
// might be a secret is ever part of a message.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace callboard {

struct dotenv_line {
  std::string name;
  std::string value;   ///< Without its quotes; escapes of double quotes resolved.
  int line = 0;        ///< Counted from 1: where the name stands.
  std::string problem; ///< Why the value cannot be read; empty when it can.

  friend bool operator==(const dotenv_line&, const dotenv_line&) = default;
};

struct dotenv_file {
  std::vector<dotenv_line> lines; ///< In the file's order; a name may come twice, the last counts.
  std::vector<std::string> problems; ///< Lines without a name: "<file>:<line>: what is wrong".
  std::string unreadable;            ///< Why nothing of it can be read; empty when it can.
};

/// `KEY=value`, `export KEY=value`, values bare, in 'single' or in "double" quotes (in these over
/// several lines, too), `#` comments, CRLF, a UTF-8 byte order mark. `file` is only used in
/// problems. Total: any bytes give an answer.
[[nodiscard]] dotenv_file parse_dotenv(std::string_view text, std::string_view file);

/// The file at `path`. One that does not exist is empty, unless it `must_exist`; a directory counts
/// as not existing (Python's virtual environments are often called `.env`). At most 64 KiB are
/// accepted.
[[nodiscard]] dotenv_file read_dotenv(const std::string& path, bool must_exist);

} // namespace callboard
