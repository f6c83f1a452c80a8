// What `callboard` was called to do: command line, environment and `.env`, checked before anything
// is done.
#pragma once

#include "client/screen/notification.hpp"
#include "client/url.hpp"
#include "runtime/log.hpp"
#include "runtime/options.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace callboard::client {

struct invocation {
  enum class what : std::uint8_t { chat, send, tail, archive, rooms, who, completion, manual };
  what command = what::chat;
  std::string room;                ///< Of `rooms`: the prefix; may be empty.
  std::vector<std::string> rooms;  ///< Of `chat`: all of them, `room` first.
  std::optional<std::string> text; ///< Of `send`; none: from stdin.
  endpoint server;
  std::string url;         ///< As it was given, for people.
  std::string name;        ///< Empty: chat asks for one.
  bool name_given = false; ///< By flag, environment or `.env`; else it is the login name.
  std::optional<std::chrono::seconds> timeout; ///< 0: for ever.
  std::optional<std::uint64_t> last;           ///< `-n`
  std::optional<std::uint64_t> since;          ///< `--since` with a message's number.
  std::optional<std::int64_t> since_ms;        ///< `--since` with a time: milliseconds since 1970.
  bool plain = false;                          ///< Lines only: no full screen.
  bool colours = false;                        ///< SGR colours on stdout.
  bool json = false;
  bool follow = false;
  bool quiet = false;
  bool lines = false;
  notification notify = notification::bell;
  log_level level = log_level::warn;
};

/// `--help` or `--version`: print to stdout, exit 0.
struct invocation_answer {
  std::string text;
};

/// Print to stderr, exit with the code.
struct invocation_error {
  int exit_code = exit_usage;
  std::string text;
};

/// What the process around tells.
struct surroundings {
  environment variables;
  std::string dotenv_path = ".env";
  std::string login_name;          ///< For commands when no name is given; may be empty.
  bool input_is_terminal = false;  ///< stdin.
  bool output_is_terminal = false; ///< stdout.
};

/// Flags over environment over `.env` over defaults. Reads that one file, else touches nothing.
[[nodiscard]] std::variant<invocation, invocation_answer, invocation_error>
read_invocation(std::vector<std::string> arguments, const surroundings& around);

} // namespace callboard::client
