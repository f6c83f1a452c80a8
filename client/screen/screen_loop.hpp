// The one thread that owns the terminal while the screen is full: it waits for keys, events,
// signals and time, and paints at most 60 times a second. Nothing happens: it sleeps.
#pragma once

#include "client/desk.hpp"
#include "client/screen/caught_stderr.hpp"
#include "client/screen/curses_screen.hpp"
#include "client/screen/screen_command.hpp"

namespace callboard::client {

/// Runs the command to its end; its exit code, or 128 + the signal that ended it.
[[nodiscard]] int run_screen(screen_command& what, client_desk& actors, curses_screen& terminal,
                             caught_stderr& errors);

} // namespace callboard::client
