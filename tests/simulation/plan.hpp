// What a seed means: who takes part, how small the limits are, and which faults may happen how
// often. A plan is plain data, so that a failing one can be made smaller.
#pragma once

#include "domain/limits.hpp"
#include "tests/simulation/dice.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace callboard::simulation {

/// Every kind of fault. `fault_names` below names them in reports.
enum class fault : std::uint8_t {
  store_before,   ///< A call fails before it commits.
  store_after,    ///< It commits, and its answer is lost.
  store_slow,     ///< It commits later; others may come first.
  store_stall,    ///< It hangs until it is interrupted.
  store_poison,   ///< The database refuses this very draft.
  store_leftover, ///< The server is gone, its transaction is not.
  read_fails,
  writer_crash,
  cut,         ///< Both ends learn that the connection is gone.
  half_open,   ///< Frames vanish; nobody is told.
  server_kill, ///< All actors of the server vanish.
  server_drain,
  room_kill,
  cache_kill,
  persistence_kill,
  session_kill,
  client_kill,    ///< A client's process ends; its person starts another.
  slow_reader,    ///< A client reads rarely.
  actor_delay,    ///< An actor that has messages is not run for a while.
  epochs_renewed, ///< The database was restored: positions mean other entries.
  frame_lost,     ///< A message to a real client vanishes on the way; what follows arrives.
  frame_doubled,  ///< It arrives twice.
  preempted,      ///< Others run between two sends of one handler, as other threads would.
  time_runs,      ///< A deadline passes while messages wait: a busy machine.
  store_away,     ///< The whole database does not answer for a while, and comes back.
  read_slow,      ///< A read of the store takes its time.
  read_stall,     ///< It hangs until it is interrupted.
  reader_crash,
  count_
};

/// How an exception says that it is one of ours: any other is a bug.
inline constexpr std::string_view planted_crash = "a planted crash";

inline constexpr auto fault_count = static_cast<std::size_t>(fault::count_);

inline constexpr std::array<std::string_view, fault_count> fault_names{
  "store_before",   "store_after",   "store_slow",   "store_stall", "store_poison",
  "store_leftover", "read_fails",    "writer_crash", "cut",         "half_open",
  "server_kill",    "server_drain",  "room_kill",    "cache_kill",  "persistence_kill",
  "session_kill",   "client_kill",   "slow_reader",  "actor_delay", "epochs_renewed",
  "frame_lost",     "frame_doubled", "preempted",    "time_runs",   "store_away",
  "read_slow",      "read_stall",    "reader_crash"};

/// What a workload is to reach, most of it seen in answers: a run says what it has not reached.
enum class sight : std::uint8_t {
  fresh,
  resumed,
  paged,
  reset,
  repeated, ///< A receipt of a message that was stored before.
  id_conflict,
  busy,
  unavailable,
  not_joined,
  too_long,
  too_many_rooms,
  name_taken,
  bad_frame,
  bye,
  twin,         ///< A second connection of an author is welcome.
  gathering,    ///< A room waits for those who talk,
  gathered,     ///< and all of them have spoken,
  gathered_few, ///< or not, and it goes on without them.
  room_retired, ///< Nobody was in it for a while.
  outbox_full,  ///< A session stops showing live entries, and reads the log later.
  cache_aged,   ///< What was not used for the cache's time to live is gone.
  late_commit,  ///< A transaction is stored whose server is dead, or has given it up.
  drained,      ///< A server has ended after its goodbyes.
  count_
};

inline constexpr auto sight_count = static_cast<std::size_t>(sight::count_);

inline constexpr std::array<std::string_view, sight_count> sight_names{
  "fresh",        "resumed",     "paged",      "reset",       "repeated",       "id_conflict",
  "busy",         "unavailable", "not_joined", "too_long",    "too_many_rooms", "name_taken",
  "bad_frame",    "bye",         "twin",       "gathering",   "gathered",       "gathered_few",
  "room_retired", "outbox_full", "cache_aged", "late_commit", "drained"};

struct plan {
  std::uint64_t seed = 0;
  limits bounds;
  bool tiny = false; ///< `bounds` are not production's.
  unsigned rooms = 1;
  unsigned people = 2;  ///< With the real client: link and timelines.
  unsigned scripts = 0; ///< Raw connections that do what no good client does.
  unsigned go_clients = 0;
  unsigned busy_steps = 1500; ///< Steps with work and faults; then everything heals.
  unsigned twins = 0;         ///< Permille of connections that are one author's second.
  unsigned talk = 20;         ///< Permille of steps in which somebody says something.
  std::array<unsigned, fault_count> faults{}; ///< Permille, in each fault's own occasion.

  [[nodiscard]] unsigned operator[](fault what) const {
    return faults[static_cast<std::size_t>(what)]; // NOLINT: bounded by the enum
  }
};

/// The plan of a seed.
[[nodiscard]] plan draw_plan(std::uint64_t seed);

/// One line for reports.
[[nodiscard]] std::string describe(const plan& what);

} // namespace callboard::simulation
