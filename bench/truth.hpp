// What was posted and what each entry turned out to be: from this the run knows whether anything
// was lost, doubled or out of order, at constant cost per delivery.
#pragma once

#include "bench/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

namespace callboard::bench {

/// A run in which one of these is not 0 has failed.
struct faults {
  std::uint64_t lost = 0;
  std::uint64_t doubled = 0;
  std::uint64_t disordered = 0;
  std::uint64_t refused = 0; ///< Errors that no scenario provokes.
  [[nodiscard]] bool any() const { return lost + doubled + disordered + refused > 0; }
};

/// One post of this run. `sent_at` is when it was due, not when the socket took it: a stall that
/// keeps a post back counts as its latency (coordinated omission).
struct post_record {
  std::int64_t sent_at = 0;
  std::uint32_t sender = 0;
  std::uint64_t seq = 0; ///< Of its entry, by whoever saw it first.
  bool acknowledged = false;
};

/// Posts are numbered from 0 in the order in which they are made.
class truth {
public:
  std::uint32_t begin_post(std::uint32_t sender, std::int64_t sent_at) {
    if (sender >= last_seq_.size())
      last_seq_.resize(sender + 1);
    posts_.push_back({sent_at, sender, 0, false});
    return static_cast<std::uint32_t>(posts_.size() - 1);
  }

  [[nodiscard]] const post_record& post(std::uint32_t number) const { return posts_.at(number); }
  [[nodiscard]] std::size_t posts() const { return posts_.size(); }
  [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }

  void acknowledge(std::uint32_t number) {
    auto& post = posts_.at(number);
    if (post.acknowledged)
      ++found.doubled;
    else
      ++acknowledged_;
    post.acknowledged = true;
  }

  /// An entry reached a reader whose position was `position`; returns the new one.
  std::uint64_t check(std::uint64_t position, const seen_message& seen) {
    if (seen.seq <= position) {
      ++found.doubled;
      return position;
    }
    found.lost += seen.seq - position - 1;
    if (seen.post)
      check_order(posts_.at(*seen.post), seen.seq);
    return seen.seq;
  }

  faults found;

private:
  /// All readers see a post under one number, and a sender's posts in the order it sent them.
  void check_order(post_record& post, std::uint64_t seq) {
    if (post.seq == seq)
      return;
    if (post.seq != 0) {
      ++found.doubled; // one post, two entries
      return;
    }
    post.seq = seq;
    auto& last = last_seq_[post.sender];
    if (seq <= last)
      ++found.disordered;
    last = seq;
  }

  std::vector<post_record> posts_;
  std::vector<std::uint64_t> last_seq_; ///< By sender.
  std::uint64_t acknowledged_ = 0;
};

} // namespace callboard::bench
