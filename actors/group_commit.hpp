// The queue of the store's way, without actors: gathers drafts into batches, has one job under way,
// repeats it, splits guilty drafts off. Every piece of work is answered once, in its turn; an
// append that was called undecided is answered once more when it is known.
#pragma once

#include "actors/job.hpp"
#include "domain/error.hpp"
#include "domain/limits.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace callboard {

using work_id = std::uint64_t; ///< One piece of work, from its acceptance to its last answer.

/// One receipt for each draft of an append.
struct work_stored {
  work_id of = 0;
  std::vector<receipt> receipts;
};
struct work_opened {
  work_id of = 0;
  room_head log;
};
struct work_claimed {
  work_id of = 0;
  bool granted = false;
};
struct work_refused {
  work_id of = 0;
  errc why = errc::unavailable;
  bool undecided = false; ///< Of appends only: `work_stored` follows when it is known.
};
using work_answer = std::variant<work_stored, work_opened, work_claimed, work_refused>;

/// What a draft counts against `batch_bytes` and `waiting_bytes`: its strings and their frame.
[[nodiscard]] std::size_t cost_of(const draft& what);

/// Pure; owned by one persistence actor. Times are of any steady clock, the same in all calls.
class group_commit {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::steady_clock::duration;
  using random_below = std::function<std::uint32_t(std::uint32_t below)>;

  static constexpr std::chrono::milliseconds back_off_first{50};
  static constexpr std::chrono::milliseconds back_off_most{2000};
  static constexpr std::chrono::milliseconds ping_every{2000}; ///< While nothing else is asked.

  /// `random` spreads the repetitions of several servers; it returns less than `below`.
  group_commit(const limits& bounds, random_below random);

  /// Takes work into its turn. Nothing: the queue holds `waiting_bytes` already (`busy`). `drafts`
  /// holds at least one.
  [[nodiscard]] std::optional<work_id> append(std::vector<draft_ptr> drafts, time_point now);
  [[nodiscard]] std::optional<work_id> open(std::string room, time_point now);
  [[nodiscard]] std::optional<work_id> claim(name_claim what, time_point now);

  /// The job for the writer now; nothing while one is under way, during a back-off, or when there
  /// is nothing to do.
  [[nodiscard]] std::optional<job> next(time_point now);

  /// The outcome of the job that next() gave. Throws where it is not one of that job.
  [[nodiscard]] std::vector<work_answer> finish(const job_result& result, time_point now);

  /// Refuses what has waited longer than `store_patience`.
  [[nodiscard]] std::vector<work_answer> lose_patience(time_point now);

  /// True once per `store_patience` for which the job has been with the writer: interrupt it.
  [[nodiscard]] bool stuck(time_point now);

  /// Could a post be stored now? As far as the last call tells.
  [[nodiscard]] bool ready() const { return ready_; }

  [[nodiscard]] bool under_way() const { return in_flight_; }

  /// Drafts of the job under way; 0 for jobs of other kinds.
  [[nodiscard]] std::size_t drafts_under_way() const;

  /// Failed attempts since the last call that the store answered.
  [[nodiscard]] std::uint32_t failures() const { return failures_; }

  /// After this time next() or lose_patience() may have something to say.
  [[nodiscard]] duration wake_in(time_point now) const;

private:
  using drafts = std::vector<draft_ptr>;
  using wish = std::variant<drafts, store_open, std::shared_ptr<const name_claim>>;

  struct work {
    work_id id = 0;
    wish what;
    time_point since;
    std::size_t cost = 0;
    std::vector<receipt> receipts; ///< Of an append: of its first drafts, which are settled.
    bool told = false;             ///< Its asker was refused while it was under way.
  };

  std::optional<work_id> accept(std::deque<work>& line, wish what, std::size_t cost,
                                time_point now);
  void gather();
  [[nodiscard]] job current() const;
  void succeed(const job_result& result, std::vector<work_answer>& answers);
  void refuse(std::vector<work_answer>& answers);
  void fail(time_point now);
  void settle(const receipt& what, std::vector<work_answer>& answers);
  void drop_first(std::deque<work>& line);
  void refuse_late(std::deque<work>& line, std::size_t begun, time_point now,
                   std::vector<work_answer>& answers);

  limits bounds_;
  random_below random_;
  std::deque<work> appends_;  ///< In turn; while parts_ holds some, the first `begun_` are in them.
  std::deque<work> requests_; ///< Opens and claims, in turn; else the first one is under way.
  bool request_was_last_ = false;
  std::size_t begun_ = 0;
  std::deque<batch_ptr> parts_; ///< Of the batch under way: one transaction each, in order.
  std::size_t bytes_ = 0;       ///< Cost of both lines.
  work_id last_id_ = 0;

  bool in_flight_ = false; ///< The writer has the job. With `begun_` 0 it is a ping.
  bool ready_ = false;
  std::uint32_t failures_ = 0;
  time_point not_before_;  ///< End of the back-off.
  time_point answered_at_; ///< The last time that the store answered.
  time_point stuck_since_; ///< When the writer got the job, or when stuck() last said so.
};

} // namespace callboard
