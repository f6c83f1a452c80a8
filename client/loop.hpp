// The one thread that owns stdin, stdout and the clock of a command: it waits for whichever speaks
// first.
#pragma once

#include "client/command.hpp"
#include "client/desk.hpp"
#include "client/printer.hpp"

namespace callboard::client {

/// Runs the command to its end and returns its exit code: its own, 128 + the signal that ended it,
/// or 0 when nobody reads stdout any more.
[[nodiscard]] int run_command(command& what, client_desk& actors, stdio_printer& out);

} // namespace callboard::client
