// A timeline is one room as a screen shows it: every entry once and in order, whatever happens to
// the connection, and every own message with its end: stored, or failed with the reason.
#pragma once

#include "client/messages.hpp"
#include "client/room_log.hpp"

#include <functional>
#include <string>

namespace callboard::client {

struct timeline_setup {
  link_actor link;
  terminal_actor terminal;
  std::string room;
  log_start start;
  std::function<std::uint64_t()> random; ///< 64 random bits; called by the timeline only.
};

/// Starts a timeline, which enters its room as soon as the link is up. It ends on `leave_log`.
[[nodiscard]] timeline_actor start_timeline(caf::actor_system& system, timeline_setup setup);

/// 128 random bits in hexadecimal: a message id that nobody else will ever choose.
[[nodiscard]] std::string make_id(const std::function<std::uint64_t()>& random);

} // namespace callboard::client
