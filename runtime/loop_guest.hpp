// What an event loop runs beside its sockets. Neither side knows what the other one is: the loop is
// Asio's, the guest is a scheduler of actors.
#pragma once

#include <functional>

namespace callboard {

/// One loop at a time is host. Never blocks, but for attach().
class loop_guest {
public:
  loop_guest() = default;
  loop_guest(const loop_guest&) = delete;
  loop_guest& operator=(const loop_guest&) = delete;
  virtual ~loop_guest() = default;

  /// On the thread of the loop, before its first turn: from now on this thread is the host. `wake`
  /// asks the loop for one call of run(), soon and never from within itself; from any thread, until
  /// detach() has returned.
  virtual void attach(std::function<void()> wake) = 0;

  /// On the host's thread: does a bounded part of what waits. True: there is more, and run() must
  /// be called again without being asked for.
  [[nodiscard]] virtual bool run() = 0;

  /// On the host's thread, after its last turn: what waits, and what comes, is done elsewhere.
  virtual void detach() = 0;
};

} // namespace callboard
