// The connections in a room, in the order in which they came.
#pragma once

#include "actors/messages.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace callboard {

/// One connection in a room.
struct room_member {
  connection_t connection = 0;
  session_actor session;
  author who; ///< Name empty: listens, but is not shown (go-chat before its first line).
  std::uint64_t refused_round =
    0; ///< Posts of this round and of earlier ones are refused (order_gate).
};

/// Flat and sorted by connection: the fan-out walks it for every batch.
class room_members {
public:
  [[nodiscard]] room_member* find(connection_t connection) {
    const auto at = place(connection);
    return at != all_.end() && at->connection == connection ? &*at : nullptr;
  }

  /// Adds a connection that is not here yet.
  void add(room_member member) {
    const auto at = place(member.connection);
    all_.insert(at, std::move(member));
  }

  void remove(connection_t connection) {
    const auto at = place(connection);
    if (at != all_.end() && at->connection == connection)
      all_.erase(at);
  }

  [[nodiscard]] std::size_t size() const { return all_.size(); }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  [[nodiscard]] auto begin() const { return all_.begin(); }
  [[nodiscard]] auto end() const { return all_.end(); }

private:
  std::vector<room_member>::iterator place(connection_t connection) {
    return std::lower_bound(
      all_.begin(), all_.end(), connection,
      [](const room_member& member, connection_t number) { return member.connection < number; });
  }

  std::vector<room_member> all_;
};

} // namespace callboard
