// What a run of many seeds adds up to: the same sum in whatever order, and by however many
// processes, they are run.
#pragma once

#include "tests/simulation/world.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace callboard::simulation {

/// Plain memory: worker processes share it with the one that started them.
struct tally {
  std::uint64_t seeds = 0;
  std::uint64_t steps = 0;
  std::uint64_t entries = 0;
  std::uint64_t hash = 0; ///< A sum over seeds: equal for the same seeds and the same steps.
  std::array<std::uint64_t, fault_count> happened{};
  std::array<std::uint64_t, sight_count> seen{};
  std::size_t longest_mailbox = 0;
  std::size_t most_alarms = 0;

  void add(std::uint64_t seed, const report& found);
  void add(const tally& other);

  /// Prints it, with a warning for each kind of fault and of answer that never came.
  void print(double seconds, double cpu_seconds) const;
};

} // namespace callboard::simulation
