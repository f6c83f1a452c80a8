// Reads of the store that wait or are under way, without actors: the same page is read once for all
// who ask for it, each reader has one read at a time, and nobody waits longer than
// `store_patience`.
#pragma once

#include "domain/limits.hpp"
#include "storage/store.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace callboard {

using read_id = std::uint64_t;  ///< One read of the store; never 0.
using asker_id = std::uint64_t; ///< Somebody who waits for one; chosen by the caller.

/// Pure; owned by one cache.
class read_queue {
public:
  using time_point = std::chrono::steady_clock::time_point;

  struct asker {
    asker_id id = 0;
    std::size_t limit = 0;
    time_point since;
    bool late = false; ///< Asked when the read was with a reader already: it may not see all.
  };

  /// A read for a reader. Without a query it is another job of its only asker.
  struct read {
    std::optional<read_query> query;
    std::vector<asker> askers;
  };

  /// Uses `reads_under_way` and `store_patience`.
  read_queue(const limits& bounds, std::size_t readers);

  /// Joins a read that answers this too, or begins one. False: too many are under way (`busy`).
  [[nodiscard]] bool ask(const read_query& query, asker_id who, time_point now);

  /// Another job for a reader, in turn with the reads. False: too many are under way.
  [[nodiscard]] bool ask(asker_id who, time_point now);

  struct order {
    std::size_t reader = 0;
    read_id id = 0;
    std::optional<read_query> query;
    asker_id only = 0; ///< Without a query: whose job.
  };

  /// What an idle reader is to do now; nothing when none is idle or nothing waits.
  [[nodiscard]] std::optional<order> next(time_point now);

  /// The reader has done it. Nothing when no reader has it.
  [[nodiscard]] std::optional<read> finish(read_id id);

  /// Takes out those who have waited longer than `store_patience`. Reads that nobody waits for any
  /// more and that no reader has yet are dropped; the asker of a job that a reader has stays.
  [[nodiscard]] std::vector<asker_id> lose_patience(time_point now);

  /// Readers whose read has taken `store_patience`, again for each further one: interrupt them.
  [[nodiscard]] std::vector<std::size_t> stuck(time_point now);

  [[nodiscard]] bool busy(std::size_t reader) const { return readers_.at(reader).doing != 0; }
  [[nodiscard]] bool empty() const { return reads_.empty(); }

private:
  using key = std::tuple<std::string, read_query::direction, seq_t>;
  struct reader {
    read_id doing = 0;
    time_point since;
  };

  [[nodiscard]] static key key_of(const read_query& query);
  [[nodiscard]] bool given(read_id id) const;
  void forget_query(read_id id, const read& what);

  limits bounds_;
  std::vector<reader> readers_;
  std::map<read_id, read> reads_;   ///< At most `reads_under_way`.
  std::deque<read_id> waiting_;     ///< Those that no reader has, in turn.
  std::map<key, read_id> joinable_; ///< The read with the largest limit for each position.
  read_id last_id_ = 0;
};

} // namespace callboard
