// The one clock of all measurements.
#pragma once

#include <cstdint>
#include <ctime>

namespace callboard::bench {

/// Nanoseconds of a steady clock.
[[nodiscard]] inline std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

} // namespace callboard::bench
