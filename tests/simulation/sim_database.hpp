// The database of a world. It outlives the servers, holds the locks of transactions that nobody
// waits for any more, and commits when the seed says.
#pragma once

#include "actors/messages.hpp"
#include "storage/memory_store.hpp"
#include "tests/simulation/world_fwd.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace callboard::simulation {

/// A text that holds this is refused by the database for ever.
inline constexpr auto poison = "poison";

class sim_database {
public:
  explicit sim_database(world& outer);

  /// A transaction that has locked its rooms and is neither committed nor gone.
  struct transaction {
    std::uint64_t server = 0;  ///< Which server began it.
    bool is_left_over = false; ///< Nobody waits for it.
    batch_ptr batch;
  };
  using number = std::uint64_t;

  /// Locks the batch's rooms: whoever holds one of them ends first, as the dice say.
  [[nodiscard]] number begin(std::uint64_t server, batch_ptr batch);

  /// `again` where the transaction has ended already, one way or the other.
  [[nodiscard]] outcome<std::vector<receipt>> commit(number which);
  void abort(number which);

  /// Its connection has ended: it commits, or not, when the seed says.
  void leave_over(number which);

  /// Reads a room's row under its lock.
  [[nodiscard]] outcome<room_head> open(const std::string& room);

  [[nodiscard]] std::string epoch(const std::string& room) const;

  [[nodiscard]] memory_store& direct() { return direct_; }
  [[nodiscard]] memory_log& log() { return *log_; }
  [[nodiscard]] const std::shared_ptr<memory_log>& shared_log() const { return log_; }

  /// Until then nobody reaches it; 0: it is back.
  void go_away(std::int64_t until_ms) { away_until_ms_ = until_ms; }
  [[nodiscard]] bool is_away() const;

  /// Lets one transaction that nobody waits for end, if there is one.
  void end_a_leftover();
  [[nodiscard]] bool has_leftover() const;
  [[nodiscard]] bool is_busy() const { return !open_.empty(); } ///< With a transaction.

private:
  void wait_for(const std::set<std::string>& rooms);
  void end(number which);
  [[nodiscard]] bool is_left_over(const transaction& what) const;

  world& outer_;
  std::shared_ptr<memory_log> log_;
  memory_store direct_;
  std::map<number, transaction> open_;
  number last_ = 0;
  std::int64_t away_until_ms_ = 0;
};

/// The way to the store of one server: a writer that answers when the seed says, and stores for its
/// readers. `server` names the incarnation; after its death nothing that it asks happens.
[[nodiscard]] writer_actor start_sim_writer(caf::actor_system& system, world& outer,
                                            std::uint64_t server,
                                            const std::shared_ptr<store>& interrupts);

/// A store of which only interrupt() works: it wakes the writer that start_sim_writer() gave it.
[[nodiscard]] std::shared_ptr<store> make_interruptible();

/// A store for the real history actor.
[[nodiscard]] store_ptr make_read_store(world& outer, std::uint64_t server);

/// Before the real history actor: its calls are slow, hang until `reads` is interrupted, or end it.
/// It reads when a real call would have come back.
[[nodiscard]] history_actor start_sim_history(caf::actor_system& system, world& outer,
                                              history_actor real, const store_ptr& reads);

/// Who is to be told that a call of make_read_store() is interrupted.
void on_interrupt(const store_ptr& reads, std::function<void()> then);

} // namespace callboard::simulation
