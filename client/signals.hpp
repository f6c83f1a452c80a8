// Ctrl-C and its relatives, as something that poll(2) can wait for.
#pragma once

namespace callboard::client {

/// SIGINT, SIGTERM and SIGHUP are noted, SIGPIPE is ignored. A second SIGINT ends the process at
/// once. Once, at the start. Throws std::system_error when the system has no descriptor left.
void catch_signals();

/// The last signal that was noted; 0: none.
[[nodiscard]] int signal_received();

/// Readable once a signal was noted.
[[nodiscard]] int signal_descriptor();

/// Ends the process with `code` after `seconds`, whatever still runs: name services cannot be
/// interrupted.
void end_within(int seconds, int code);

} // namespace callboard::client
