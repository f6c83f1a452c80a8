// Open files are the first thing that a large server runs out of: it takes no more connections than
// leave some for the database, and says so at its start.
#pragma once

#include "server/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace callboard {

/// Raises the number of files that this process may open as far as it may itself. Returns it.
[[nodiscard]] std::uint64_t raise_open_files();

/// Lowers connections and refusals to what so many open files hold beside the store and the rest.
/// Returns a sentence for the operator when it had to.
[[nodiscard]] std::optional<std::string> fit_connections(settings& into, std::uint64_t open_files);

} // namespace callboard
