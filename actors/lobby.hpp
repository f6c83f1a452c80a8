// The lobby knows the rooms and who is online, and keeps the server whole: what crashes is started
// again while its users stay connected.
#pragma once

#include "actors/messages.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"

#include <functional>
#include <memory>
#include <string>

namespace callboard {

/// The actors between the rooms and the store. They live and die together.
struct store_way {
  persistence_actor persistence;
  cache_actor cache;
};

struct lobby_needs {
  limits bounds;
  std::function<store_way(caf::actor_system&)>
    build_way;                                ///< Called at start and after a crash of a part.
  std::function<std::string()> new_author_id; ///< 128 random bits.
  std::shared_ptr<server_status> status;
};

/// Starts the lobby and, through it, the way to the store. It ends at shutdown only; then it takes
/// rooms and store's way with it.
[[nodiscard]] lobby_actor start_lobby(caf::actor_system& system, lobby_needs needs);

} // namespace callboard
