// A store's queue on a clock that the test turns.
#pragma once

#include "actors/group_commit.hpp"
#include "tests/actors/store_way/drafts.hpp"

#include <functional>
#include <stdexcept>

namespace callboard::samples {

/// A queue on a clock that the test turns; its back-offs are the longest possible ones.
struct queue_bench {
  explicit queue_bench(const limits& bounds = {})
    : queue{bounds, [](std::uint32_t below) { return below - 1; }} {
    answer_ping();
  }

  /// The next job by name, or "" when there is none.
  std::string next() {
    const auto what = queue.next(now);
    return what ? name_of(*what) : std::string{};
  }

  void answer_ping() {
    if (next() != "ping" || !finish(done{}).empty())
      throw std::logic_error{"a queue begins with a ping"};
  }

  std::vector<work_answer> finish(const job_result& result) { return queue.finish(result, now); }
  std::vector<work_answer> fail() { return finish(store_failure{store_fault::again, "gone"}); }
  std::vector<work_answer> refuse() { return finish(store_failure{store_fault::refused, "bad"}); }
  std::vector<work_answer> store(std::size_t count) {
    return finish(std::vector<receipt>(count, receipt{1, 1}));
  }

  work_id append(const std::vector<std::string>& ids) {
    return queue.append(drafts_of(ids), now).value();
  }

  group_commit::time_point now{std::chrono::hours{1}};
  group_commit queue;
};

inline work_id stored(const work_answer& what) {
  return std::get<work_stored>(what).of;
}

} // namespace callboard::samples
