// One room as a client has read it: a position in the log that moves one entry at a time. Whatever
// arrives in whatever order, each entry comes out once and in sequence.
#pragma once

#include "domain/entry.hpp"
#include "wire/frame.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace callboard::client {

/// Where reading begins.
struct log_start {
  enum class from : std::uint8_t {
    latest, ///< The server's page of at most `number` (up to 500) latest entries.
    count,  ///< Exactly the `number` latest entries, over as many pages as it takes.
    seq,    ///< Everything behind the entry `number`.
  };
  from where = from::latest;
  std::uint64_t number = 50;

  friend bool operator==(const log_start&, const log_start&) = default;
};

/// What is to be done after something has arrived.
struct log_step {
  std::vector<entry> entries; ///< To be shown, in this order, behind all shown before.
  bool reset = false;         ///< Before that: what was shown belongs to another log.
  bool rejoin = false;        ///< Join again, with `next_join`.
  bool gap = false;           ///< The reason for it: something is missing.
  bool ready = false;         ///< Caught up with the log as it was at the join.
};

/// Pure; owned by one timeline.
class room_log {
public:
  room_log(std::string room, log_start start);

  /// The request that continues where this log stands; from now on only its answer counts.
  [[nodiscard]] wire::join next_join();

  /// The connection is gone. Entries that still come belong to it and change nothing.
  void lost() { state_ = state::away; }

  [[nodiscard]] log_step joined(wire::joined what);
  [[nodiscard]] log_step message(entry what);

  /// A page that the server sent on its own, after `paged`.
  [[nodiscard]] log_step page(wire::history_page what);

  /// The answer to an own `history` with `before` = oldest(): entries in front of all shown.
  /// Entries that do not fit there are left out.
  [[nodiscard]] std::vector<entry> older(wire::history_page what);

  /// The seq of the last entry that came out; 0: none.
  [[nodiscard]] seq_t position() const { return position_; }

  /// The seq of the first entry that came out; 0: none yet.
  [[nodiscard]] seq_t oldest() const { return oldest_; }

  /// True when there may be entries before the oldest.
  [[nodiscard]] bool has_older() const { return oldest_ > first_; }

  [[nodiscard]] const std::string& epoch() const { return epoch_; }
  [[nodiscard]] bool live() const { return state_ == state::live; }

private:
  enum class state : std::uint8_t { away, joining, paging, live };

  [[nodiscard]] log_step begin(const wire::joined& what);
  void take(std::vector<entry> from, log_step& step);
  static void miss(log_step& step);
  void settle(bool more, seq_t head, log_step& step) const;

  std::string room_;
  log_start start_;
  state state_ = state::away;
  bool looking_ = false; ///< The join under way only asks how long the log is.
  std::string epoch_;    ///< Empty: never joined.
  seq_t position_ = 0;
  seq_t oldest_ = 0;
  seq_t first_ = 1;
};

} // namespace callboard::client
