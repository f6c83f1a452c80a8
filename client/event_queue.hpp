// From actors to the thread that owns the terminal: a queue with a file descriptor, so that one
// poll(2) waits for keys and for messages. Bounded by the terminal's `high` (client/terminal.hpp).
#pragma once

#include "client/terminal.hpp"

#include <mutex>
#include <vector>

namespace callboard::client {

class event_queue final : public screen {
public:
  /// Throws std::system_error when the system has no file descriptor left.
  event_queue();
  ~event_queue() override;

  /// From any thread.
  void show(screen_event event) override;

  /// All that waits, in order. From one thread.
  [[nodiscard]] std::vector<screen_event> take();

  /// Readable while something waits.
  [[nodiscard]] int descriptor() const { return descriptor_; }

private:
  int descriptor_;
  std::mutex lock_;
  std::vector<screen_event> events_;
};

} // namespace callboard::client
