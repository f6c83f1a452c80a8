// One session's place in one room: where it stands in the log, and what it is waiting for.
#pragma once

#include "actors/messages.hpp"
#include "domain/cursor.hpp"
#include "domain/limits.hpp"
#include "domain/order_gate.hpp"
#include "wire/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace callboard {

/// A join that is not answered yet.
struct pending_join {
  std::string ref;
  wire::join what;
};

struct subscription {
  enum class stage : std::uint8_t {
    entering, ///< No log known yet: the first join waits for the room.
    loading,  ///< A join waits for its first page; live entries only move `place.known()`.
    paging,   ///< Pages go out as `history` until the reader is level; no `message` meanwhile.
    live,     ///< Runs go out as they come; what is missed is read and sent as `message`s.
  };

  std::string room;
  stage at = stage::entering;
  bool joined = false;             ///< A join has been answered: the client is in the room.
  std::vector<pending_join> joins; ///< The front one is being answered; few (a deque: 544 bytes).
  room_actor actor;                ///< Empty while the room is being entered (again).
  cache_actor cache;
  room_head log;
  cursor place;
  wire::join_mode mode = wire::join_mode::fresh; ///< Of the join being answered.
  seq_t first_wanted = 0;                        ///< Entries of its page, for `fresh` and `reset`.
  std::uint32_t members = 0;

  ticket_t enter_ticket = 0; ///< Of the enter_room under way; 0: none.
  caf::actor_clock::time_point
    entered_at;             ///< When that was sent; it is repeated when no answer comes.
  ticket_t read_ticket = 0; ///< Of the page under way; 0: none.
  bool read_later = false;  ///< The last read failed; the next tick tries again.

  order_gate gate;
};

/// May a live run of `bytes` go into an outbox in which `waiting` bytes wait? Not beyond the high
/// mark; but an empty one takes any, so that no run is too large for ever.
[[nodiscard]] inline bool takes_live(std::size_t waiting, std::size_t bytes, const limits& bounds) {
  return waiting == 0 || waiting + bytes <= bounds.outbox_high_bytes;
}

} // namespace callboard
