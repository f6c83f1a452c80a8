// A terminal is the actor in front of a screen: whatever link and timelines want to show passes
// through it, and when the screen is slow, the server's socket is read no further.
#pragma once

#include "client/messages.hpp"

#include <cstddef>
#include <memory>
#include <variant>

namespace callboard::client {

using screen_event = std::variant<link_connecting, link_welcome, link_lost, link_ended, link_pulse,
                                  name_refused, outbox_told, rooms_known, log_ready, log_reset,
                                  log_refused, entries_shown, older_shown, page_shown, own_stored,
                                  own_failed, own_restored, own_dropped, signal_shown>;

/// What an event costs until it is painted: 1, and 1 for each entry in it.
[[nodiscard]] std::size_t weight_of(const screen_event& event);

/// Where events go. The line mode's is an event_queue; a full-screen one can be another.
class screen {
public:
  screen() = default;
  screen(const screen&) = delete;
  screen& operator=(const screen&) = delete;
  virtual ~screen() = default;

  /// Called by the terminal only; must not block. Whoever paints says so with `painted`.
  virtual void show(screen_event event) = 0;
};

struct terminal_setup {
  std::shared_ptr<screen> where;
  std::size_t high = 4000; ///< Weight not painted yet at which the link stops reading.
  std::size_t low = 1000;  ///< Weight at which it goes on.
};

[[nodiscard]] terminal_actor start_terminal(caf::actor_system& system, terminal_setup setup);

} // namespace callboard::client
