// A session is one WebSocket connection's actor: it speaks the protocol, holds a cursor for each
// room, and never more than a bounded number of bytes for its client.
#pragma once

#include "actors/connection.hpp"
#include "actors/messages.hpp"
#include "actors/status.hpp"
#include "domain/limits.hpp"
#include "wire/token.hpp"

#include <functional>
#include <memory>
#include <string>

namespace callboard {

/// What sessions of one server share. Immutable once the first session has started.
struct session_needs {
  limits bounds;
  lobby_actor lobby;
  std::shared_ptr<const token_signer> signer;
  std::function<std::int64_t()> now_s;        ///< Seconds since 1970; called from any session.
  std::function<std::string()> new_author_id; ///< For guests; thread-safe.
  std::string server = "callboard";           ///< What `welcome.server` says.
  std::shared_ptr<server_status> status;
};

using session_needs_ptr = std::shared_ptr<const session_needs>;

/// Starts a session that speaks callboard.v1. It ends when its connection has ended.
[[nodiscard]] session_actor start_session(caf::actor_system& system, connection_t number,
                                          std::weak_ptr<connection> link, session_needs_ptr needs);

/// Starts a session that speaks the Go program's protocol in the room `general`.
[[nodiscard]] session_actor start_go_session(caf::actor_system& system, connection_t number,
                                             std::weak_ptr<connection> link,
                                             session_needs_ptr needs);

} // namespace callboard
