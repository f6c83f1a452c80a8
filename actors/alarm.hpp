// The one coarse clock of an actor: many deadlines, one tick under way (a few where an earlier one
// overtakes it), none while nothing waits.
#pragma once

#include <chrono>
#include <optional>

namespace callboard {

/// Pure; owned by one actor, which sends itself the tick.
class alarm {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;

  /// True when a tick must be sent after `delay`: none is due by then.
  [[nodiscard]] bool set(time_point now, duration delay) {
    if (due_ && *due_ <= now + delay)
      return false;
    due_ = now + delay;
    return true;
  }

  /// A tick has come. False when it is one that an earlier one has overtaken.
  [[nodiscard]] bool ring(time_point now) {
    if (!due_ || now < *due_)
      return false;
    due_.reset();
    return true;
  }

private:
  std::optional<time_point> due_;
};

} // namespace callboard
