// The terminal is given back as it was found, also by a process that crashes: a shell without echo
// is worse than a lost chat.
#pragma once

#include <string_view>

namespace callboard::client {

/// Remembers how the terminal behind `file` is, and that `bytes` (at most 500) bring its screen
/// back. From now on a crash (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT) restores both before it
/// goes on. One at a time.
void guard_terminal(int file, std::string_view bytes);

/// While stderr goes into a pipe (client/screen/caught_stderr.hpp), a crash copies what waits there
/// to the `real` one: its last words. -1: no longer.
void guard_stderr(int pipe, int real);

/// Restores what is guarded, once. Safe in a signal handler.
void restore_terminal();

} // namespace callboard::client
