// The log without a disk: for tests, which choose its clock, its names and its faults, and may look
// at all of it.
#pragma once

#include "storage/store.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <unordered_map>

namespace callboard {

/// What happens to one call of a memory store.
enum class memory_fault : std::uint8_t {
  none,
  before_commit, ///< Nothing happens; `again`.
  after_commit, ///< All of it happens; `again` all the same, as when a connection breaks too early.
};

/// Which call of `store` is made.
enum class memory_call : std::uint8_t { append, open, read, rooms, claim_name, meta, ping };

/// One room's log: entries[i].seq is i + 1.
struct memory_room {
  std::string epoch;
  std::vector<entry> entries;
  std::unordered_map<std::string, seq_t> ids; ///< Author id, NUL, client id.
};

/// What all stores of one memory_database share, and what survives them: keep it, and a new
/// database over it is the same one after a crash. Thread-safe; the injected functions are called
/// under its lock and must not call back.
class memory_log {
public:
  using clock = std::function<std::int64_t()>;      ///< Milliseconds since 1970, UTC.
  using name_source = std::function<std::string()>; ///< A new epoch's name at each call.

  /// Without arguments a log counts its time and its epochs: 1, 2, 3, … Same calls, same contents.
  memory_log();
  memory_log(clock now, name_source epochs);

  // -- for tests ----------------------------------------------------------------------------------

  /// The next `times` calls of any kind that are not ordered otherwise meet `fault`.
  void fail_next(memory_fault fault, std::size_t times = 1);

  /// Asked at each call that fail_next() does not speak for. Null: no faults.
  void fail_when(std::function<memory_fault(memory_call)> decide);

  /// A batch that holds such a draft is `refused` as a whole. Null: none.
  void refuse_when(std::function<bool(const draft&)> is_poison);

  /// While true, calls wait: until false, or until their store is interrupted (`again`).
  void stall(bool on);

  /// Every room in order of names, under the lock.
  void
  each_room(const std::function<void(const std::string& name, const memory_room&)>& visit) const;

  /// A room's entries; empty when there is no such room.
  [[nodiscard]] std::vector<entry> entries(const std::string& room) const;

  /// Number of calls so far.
  [[nodiscard]] std::uint64_t calls() const;

private:
  friend class memory_store;
  friend class memory_database;

  struct owner {
    author who;
    std::int64_t seen_ms = 0;
  };

  memory_room& room(const std::string& name);
  receipt store(const draft& what, std::int64_t now_ms);

  mutable std::mutex lock_;
  std::condition_variable wakes_;
  clock now_;
  name_source epochs_;
  std::map<std::string, memory_room, std::less<>> rooms_;
  std::map<std::string, owner> names_;
  std::map<std::string, std::string> meta_;
  std::deque<memory_fault> next_faults_;
  std::function<memory_fault(memory_call)> decide_;
  std::function<bool(const draft&)> is_poison_;
  std::uint64_t calls_ = 0;
  bool stalled_ = false;
};

} // namespace callboard
