// The exit codes of `callboard`: a script decides from the number alone whether to repeat, to
// correct, or to give up. docs/client.md holds the same list.
#pragma once

namespace callboard::client {

/// sysexits.h where it has a name for it.
enum exit_code : int {
  exit_ok = 0,
  exit_usage_error = 64,  ///< EX_USAGE: an unknown flag, a word too many or too few.
  exit_bad_data = 65,     ///< EX_DATAERR: the server can never store this text.
  exit_no_room = 66,      ///< EX_NOINPUT: there is no such room.
  exit_unreachable = 69,  ///< EX_UNAVAILABLE: no server within `--timeout`.
  exit_output = 74,       ///< EX_IOERR: stdout cannot be written, other than by a closed pipe.
  exit_try_again = 75,    ///< EX_TEMPFAIL: a server, but it did not confirm within `--timeout`.
  exit_protocol = 76,     ///< EX_PROTOCOL: whoever answered does not speak callboard.v1.
  exit_not_allowed = 77,  ///< EX_NOPERM: the name is taken, or the server refuses this client.
  exit_bad_config = 78,   ///< EX_CONFIG: a setting that cannot be used.
  exit_interrupted = 130, ///< Ctrl-C, as shells have it (128 + SIGINT).
  exit_terminated = 143,  ///< SIGTERM.
};

} // namespace callboard::client
