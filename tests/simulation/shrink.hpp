// Makes a failing plan smaller while it still fails.
#pragma once

#include "tests/simulation/plan.hpp"

#include <functional>

namespace callboard::simulation {

/// Tries to leave out participants, faults, rooms and steps, one at a time, until nothing can be
/// left out. `fails` runs a plan.
[[nodiscard]] plan shrink(plan what, const std::function<bool(const plan&)>& fails);

} // namespace callboard::simulation
