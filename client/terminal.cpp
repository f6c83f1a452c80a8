// Beyond `high` there is at most what the link had read ahead: the bound of all that waits to be
// painted.
#include "client/terminal.hpp"

#include <algorithm>
#include <utility>

namespace callboard::client {

namespace {

struct terminal_state {
  using interface = terminal_actor;
  static inline constexpr const char* name = "callboard.client.terminal";

  terminal_state(terminal_actor::pointer self, terminal_setup setup_of)
    : self{self}, setup{std::move(setup_of)} {}

  template <class Message>
  void show(const Message& msg) {
    screen_event event{msg};
    waiting += weight_of(event);
    setup.where->show(std::move(event));
    watch();
  }

  void watch() {
    const bool hold = held ? waiting > setup.low : waiting > setup.high;
    if (std::exchange(held, hold) != hold)
      tell(self, link, hold_reading{hold});
  }

  terminal_actor::behavior_type make_behavior();

  terminal_actor::pointer self;
  terminal_setup setup;
  link_actor link;
  std::size_t waiting = 0;
  bool held = false;
};

terminal_actor::behavior_type terminal_state::make_behavior() {
  return {
    [this](const link_connecting& msg) {
      link = msg.link;
      show(msg);
    },
    [this](const link_welcome& msg) { show(msg); },
    [this](const link_lost& msg) { show(msg); },
    [this](const link_ended& msg) { show(msg); },
    [this](const link_pulse& msg) { show(msg); },
    [this](const name_refused& msg) { show(msg); },
    [this](const outbox_told& msg) { show(msg); },
    [this](const rooms_known& msg) { show(msg); },
    [this](const log_ready& msg) { show(msg); },
    [this](const log_reset& msg) { show(msg); },
    [this](const log_refused& msg) { show(msg); },
    [this](const entries_shown& msg) { show(msg); },
    [this](const older_shown& msg) { show(msg); },
    [this](const page_shown& msg) { show(msg); },
    [this](const own_stored& msg) { show(msg); },
    [this](const own_failed& msg) { show(msg); },
    [this](const own_restored& msg) { show(msg); },
    [this](const own_dropped& msg) { show(msg); },
    [this](const signal_shown& msg) { show(msg); },
    [this](const painted& msg) {
      waiting -= std::min(waiting, msg.weight);
      watch();
    },
  };
}

struct weigher {
  std::size_t operator()(const entries_shown& event) const { return 1 + event.entries.size(); }
  std::size_t operator()(const older_shown& event) const { return 1 + event.entries.size(); }
  std::size_t operator()(const page_shown& event) const { return 1 + event.entries.size(); }
  template <class Other>
  std::size_t operator()(const Other& /*event*/) const {
    return 1;
  }
};

} // namespace

std::size_t weight_of(const screen_event& event) {
  return std::visit(weigher{}, event);
}

terminal_actor start_terminal(caf::actor_system& system, terminal_setup setup) {
  return start<terminal_state>(system, std::move(setup));
}

} // namespace callboard::client
