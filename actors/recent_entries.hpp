// The end of each room's log, as long as it is in use and fits: what it answers is exactly what the
// store would answer.
#pragma once

#include "actors/page.hpp"
#include "domain/limits.hpp"

#include <chrono>
#include <deque>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace callboard {

/// Pure; owned by one cache. Entries never change, so whatever is held is true. Bytes are those of
/// entry_run::bytes().
class recent_entries {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Uses `cache_bytes`, `cache_room_bytes`, `cache_ttl` and `page_bytes`.
  explicit recent_entries(const limits& bounds);

  /// Takes the newest entries of a room. What does not follow the last ones held takes their place;
  /// of an overlap the new part is taken. Above a bound the room's oldest run goes, or the oldest
  /// of the room that was used longest ago.
  void remember(const run_ptr& run, time_point now);

  /// Takes entries that somebody read, if they begin a room or extend what is held of it at either
  /// end, and if nothing must go for them. False: not taken.
  bool extend(const run_ptr& run, time_point now);

  /// The page, or nothing where it is not held: cut_page().
  [[nodiscard]] std::optional<page> read(const read_query& query, time_point now);

  /// Forgets the rooms that were not used for `cache_ttl`.
  void forget_unused(time_point now);

  [[nodiscard]] std::size_t bytes() const { return bytes_; }
  [[nodiscard]] bool empty() const { return rooms_.empty(); }

private:
  struct kept {
    std::deque<run_ptr> runs; ///< Consecutive, at least one.
    std::size_t bytes = 0;
    time_point used;
    std::list<std::string>::iterator place; ///< In by_use_.
  };
  using rooms = std::unordered_map<std::string, kept>;

  kept& begin_room(const std::string& name);
  void use(kept& room, time_point now);
  void drop_oldest(kept& room);
  void erase(rooms::iterator room);
  void keep_bounds(const std::string& newest);
  [[nodiscard]] bool fits(std::size_t room_bytes, std::size_t more) const;

  limits bounds_;
  rooms rooms_;
  std::list<std::string> by_use_; ///< Used last: at the end.
  std::size_t bytes_ = 0;
};

} // namespace callboard
