// Many seeds on many cores: worker processes take them one by one, and the smallest that fails is
// found whatever their number.
#pragma once

#include "tests/simulation/tally.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace callboard::simulation {

/// Seeds to be run, in their order.
struct stretch {
  std::function<std::uint64_t(std::uint64_t)> seed; ///< The seed that has this number, from 0.
  std::uint64_t count = 0;
  double seconds = 0; ///< Not 0: none is begun later.
};

struct failure {
  std::uint64_t seed = 0; ///< 0: a worker that had none.
  std::string what;
};

/// Runs them by `jobs` processes (with `trace` in this one, in order), and adds to `sum`. At the
/// first violation, or when a worker dies, no further seed is begun; the first one of `seeds` that
/// failed is returned.
[[nodiscard]] std::optional<failure> run_seeds(const stretch& seeds, unsigned jobs, bool trace,
                                               tally& sum);

/// What it returns, in a process of its own: true, too, when it dies there.
[[nodiscard]] bool fails_in_a_child(const std::function<bool()>& fails);

} // namespace callboard::simulation
