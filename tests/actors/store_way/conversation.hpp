// One actor under test under the deterministic scheduler, with a clock that the test turns.
#pragma once

#define FAIL CAF_FAIL // 0.17.6's dsl.hpp uses it and defines it nowhere
#include <caf/test/dsl.hpp>
#undef FAIL

#include <chrono>
#include <vector>

namespace callboard {

/// Actors re-arm their ticks for ever, so run() would not return: here settle() runs messages only,
/// and the end stops everybody.
struct conversation : test_coordinator_fixture<> {
  ~conversation() override {
    for (const auto& each : parts)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    settle();
    sched.clock().cancel_all();
    settle();
  }

  template <class Handle>
  Handle part(Handle actor) {
    parts.push_back(caf::actor_cast<caf::strong_actor_ptr>(actor));
    return actor;
  }

  void settle() {
    while (consume_message()) {
    }
  }

  /// Turns the clock in steps shorter than a tick, with all that happens meanwhile.
  void pass(std::chrono::milliseconds time) {
    constexpr std::chrono::milliseconds step{50};
    for (; time > step; time -= step) {
      advance_time(step);
      settle();
    }
    advance_time(time);
    settle();
  }

  template <class Handle>
  bool ended(const Handle& actor) {
    return caf::actor_cast<caf::abstract_actor*>(actor)->getf(
      caf::abstract_actor::is_terminated_flag);
  }

  std::vector<caf::strong_actor_ptr> parts;
};

} // namespace callboard
