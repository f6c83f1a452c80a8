// Greedy and deterministic: the first change that still fails is kept.
#include "tests/simulation/shrink.hpp"

#include <vector>

namespace callboard::simulation {

namespace {

std::vector<plan> smaller(const plan& what) {
  std::vector<plan> all;
  const auto add = [&](auto change) {
    auto next = what;
    change(next);
    all.push_back(next);
  };
  for (std::size_t i = 0; i < fault_count; ++i)
    if (what.faults[i] != 0)                        // NOLINT: same size
      add([i](plan& next) { next.faults[i] = 0; }); // NOLINT: same size
  if (what.go_clients > 0)
    add([](plan& next) { --next.go_clients; });
  if (what.scripts > 0)
    add([](plan& next) { --next.scripts; });
  if (what.people > 0)
    add([](plan& next) { --next.people; });
  if (what.rooms > 1)
    add([](plan& next) { --next.rooms; });
  if (what.twins > 0)
    add([](plan& next) { next.twins = 0; });
  if (what.tiny)
    add([](plan& next) {
      next.bounds = limits{};
      next.tiny = false;
    });
  if (what.bounds.gather_per_member != limits{}.gather_per_member)
    add([](plan& next) {
      next.bounds.gather_per_member = limits{}.gather_per_member;
      next.bounds.gather_most = limits{}.gather_most;
    });
  for (const unsigned part : {2U, 4U, 8U, 16U})
    if (what.busy_steps / part > 0)
      add([part](plan& next) { next.busy_steps -= next.busy_steps / part; });
  return all;
}

} // namespace

plan shrink(plan what, const std::function<bool(const plan&)>& fails) {
  for (bool found = true; found;) {
    found = false;
    for (const auto& next : smaller(what)) {
      if (next.people + next.scripts + next.go_clients == 0 || !fails(next))
        continue;
      what = next;
      found = true;
      break;
    }
  }
  return what;
}

} // namespace callboard::simulation
