// The one rule for join, resume, lag, gap and rejoin: a reader is a position in the log, not a
// queue. Whatever order runs of entries arrive in, each entry leaves once and in sequence.
#pragma once

#include "domain/entry.hpp"

#include <algorithm>

namespace callboard {

/// One reader's place in one room's log. Pure; owned by one session.
class cursor {
public:
  cursor() = default;

  /// A reader that has everything up to `at`, of a log that is known to reach `known`.
  cursor(seq_t at, seq_t known) : at_{at}, known_{std::max(at, known)} {}

  /// The last seq that was put into the outbox.
  [[nodiscard]] seq_t at() const { return at_; }

  /// The highest committed seq heard of.
  [[nodiscard]] seq_t known() const { return known_; }

  [[nodiscard]] bool behind() const { return at_ < known_; }

  /// The log reaches `last`, whether or not its entries can be taken now.
  void heard(seq_t last) { known_ = std::max(known_, last); }

  /// The run [first, last] is here and may be sent. Returns the seq from which on it must be sent
  /// now, or 0 when nothing of it must: it is behind the cursor, or would leave a gap (a read fills
  /// that).
  [[nodiscard]] seq_t take(seq_t first, seq_t last) {
    known_ = std::max(known_, last);
    if (first > at_ + 1 || last <= at_)
      return 0;
    const auto from = at_ + 1;
    at_ = last;
    return from;
  }

  /// True when the entries (at, known] must be read now; `outbox_low` is the reader's leave to go
  /// on.
  [[nodiscard]] bool wants_read(bool outbox_low) const {
    return behind() && !reading_ && outbox_low;
  }

  void read_began() { reading_ = true; }
  void read_ended() { reading_ = false; }
  [[nodiscard]] bool reading() const { return reading_; }

private:
  seq_t at_ = 0;
  seq_t known_ = 0;
  bool reading_ = false;
};

} // namespace callboard
