// Runs a server from its settings to its end: opens the store, starts the actors, listens, drains.
#pragma once

#include "server/settings.hpp"

namespace callboard {

/// Returns the process's exit code: 0 after SIGTERM or SIGINT and an orderly end, else a sysexits
/// code whose reason stands on stderr. Until it is about to listen, and from the second one on,
/// these signals end the process at once (128 + signal). No other thread may run yet.
[[nodiscard]] int serve(const settings& options);

/// Gives every room a new epoch, for databases that were restored by hand.
[[nodiscard]] int renew_epochs(const settings& options);

} // namespace callboard
