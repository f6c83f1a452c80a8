// A room stores first and shows second, and publishes its log without a gap: nobody sees what a
// crash could take back.
#pragma once

#include "actors/messages.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"

#include <memory>
#include <string>

namespace callboard {

struct room_needs {
  limits bounds;
  lobby_actor lobby; ///< Hears of members and decides about retirement.
  persistence_actor persistence;
  cache_actor cache;
  std::shared_ptr<server_status> status;
};

/// Starts the actor of one room. It opens the room's log through `persistence`, for as long as that
/// takes. It ends when the lobby retires it, or by a crash; then the lobby starts another.
[[nodiscard]] room_actor start_room(caf::actor_system& system, std::string name, room_needs needs);

} // namespace callboard
