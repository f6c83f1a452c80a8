// Swarm testing (Groce and others, 2012): each seed has only some of the features and faults, so
// that none of them hides behind another.
#include "tests/simulation/plan.hpp"

namespace callboard::simulation {

namespace {

/// Limits so small that each is met all the time, or as in production.
void draw_limits(plan& what, dice& chance) {
  auto& bounds = what.bounds;
  if (chance.chance(250))
    return;
  what.tiny = true;
  bounds.requests_under_way = static_cast<std::uint32_t>(chance.between(1, 6));
  bounds.batch_posts = chance.between(1, 4);
  bounds.batch_bytes = chance.between(40, 4000);
  bounds.page = chance.between(1, 6);
  bounds.page_bytes = chance.between(200, 3000);
  bounds.outbox_low_bytes = chance.between(0, 600);
  bounds.outbox_high_bytes = bounds.outbox_low_bytes + chance.between(0, 900);
  bounds.room_posts = chance.between(1, 8);
  bounds.room_post_bytes = chance.between(100, 2000);
  bounds.waiting_bytes = chance.between(100, 4000);
  bounds.cache_bytes = chance.between(0, 6000);
  bounds.cache_room_bytes = chance.between(0, 3000);
  bounds.reads_under_way = chance.between(1, 8);
  bounds.rooms = chance.between(1, 4);
  bounds.connections_per_author = chance.between(1, 3);
  bounds.presence_names = chance.between(1, 4);
  bounds.room_idle = std::chrono::seconds{chance.between(1, 10)};
  bounds.cache_ttl = std::chrono::seconds{chance.between(1, 20)};
}

/// Few names are told, and a room more may be wanted than can be open. Dice of their own: other
/// seeds stay as they were.
void draw_rare_limits(plan& what) {
  dice chance{what.seed ^ 0x0be70ULL};
  if (!what.tiny || !chance.chance(300))
    return;
  what.bounds.who_names = chance.between(1, 4);
  what.bounds.open_rooms = what.rooms;
}

/// A room waits for those who talk (docs/decisions/0011) only where a fan-out is long: in half of
/// the seeds it is said to be, so that a few members do. Dice of its own: the other half stays as
/// it was.
void draw_gathering(plan& what) {
  dice chance{what.seed ^ 0x9a74e5ULL};
  if (!chance.chance(500))
    return;
  what.bounds.gather_per_member = std::chrono::microseconds{chance.between(100, 50000)};
  what.bounds.gather_most = std::chrono::milliseconds{chance.between(1, 300)};
}

} // namespace

plan draw_plan(std::uint64_t seed) {
  dice chance{seed ^ 0x5eedULL};
  plan what;
  what.seed = seed;
  draw_limits(what, chance);
  draw_gathering(what);
  what.rooms = static_cast<unsigned>(chance.between(1, 3));
  draw_rare_limits(what);
  what.people = static_cast<unsigned>(chance.between(1, 4));
  what.scripts = static_cast<unsigned>(chance.below(4));
  what.go_clients = static_cast<unsigned>(chance.below(3));
  what.busy_steps = static_cast<unsigned>(chance.between(400, 2400));
  what.talk = static_cast<unsigned>(chance.between(5, 120));
  what.twins = chance.chance(500) ? static_cast<unsigned>(chance.between(100, 900)) : 0;
  // Permille in each occasion: a call, a step, a frame. Rare ones end actors or the whole server.
  static constexpr std::array<unsigned, fault_count> most{
    150, 150, 500, 60,  40,  1000, 150, 4,  3,   3, 2, 1,   6,  6,
    6,   3,   2,   900, 700, 300,  20,  20, 200, 8, 2, 300, 40, 4};
  for (std::size_t i = 0; i < fault_count; ++i)
    if (chance.chance(500))
      what.faults[i] = static_cast<unsigned>(chance.between(1, most[i])); // NOLINT: same size
  return what;
}

std::string describe(const plan& what) {
  auto text = "seed " + std::to_string(what.seed)
              + (what.tiny ? ": tiny limits, rooms " : ": rooms ") + std::to_string(what.rooms)
              + ", people " + std::to_string(what.people) + ", scripts "
              + std::to_string(what.scripts) + ", go clients " + std::to_string(what.go_clients)
              + ", twins " + std::to_string(what.twins) + ", busy steps "
              + std::to_string(what.busy_steps) + ", gathering "
              + std::to_string(what.bounds.gather_per_member.count()) + " us a member, faults";
  for (std::size_t i = 0; i < fault_count; ++i)
    if (what.faults[i] != 0) // NOLINT: same size
      text += " " + std::string{fault_names[i]} + "=" + std::to_string(what.faults[i]); // NOLINT
  return text;
}

} // namespace callboard::simulation
