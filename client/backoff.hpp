// How long to wait before the next attempt. Full jitter: a thousand clients that lost one server
// come back spread over the whole interval and not in waves.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace callboard::client {

/// Pure; owned by one link.
class backoff {
public:
  using milliseconds = std::chrono::milliseconds;

  backoff(milliseconds least, milliseconds most) : least_{least}, most_{most}, ceiling_{least} {}

  /// A delay from 0 to the ceiling, out of 64 random bits; the next ceiling is twice as high.
  [[nodiscard]] milliseconds next(std::uint64_t random) {
    const auto span = static_cast<std::uint64_t>(ceiling_.count()) + 1;
    ceiling_ = std::min(most_, ceiling_ * 2);
    return milliseconds{static_cast<milliseconds::rep>(random % span)};
  }

  /// The connection has proved itself. Not to be called when it merely opened: a server that
  /// accepts and drops at once would be dialled without end.
  void reset() { ceiling_ = least_; }

  [[nodiscard]] milliseconds ceiling() const { return ceiling_; }

private:
  milliseconds least_;
  milliseconds most_;
  milliseconds ceiling_;
};

} // namespace callboard::client
