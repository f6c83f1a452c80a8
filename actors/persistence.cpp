// The shell around group_commit: who asked, who is answered, when to look at the clock.
#include "actors/persistence.hpp"

#include "actors/alarm.hpp"
#include "actors/group_commit.hpp"
#include "runtime/log.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

namespace callboard {

namespace {

// -- state ----------------------------------------------------------------------------------------

struct append_asker {
  room_actor room;
  ticket_t ticket = 0;
};
struct open_asker {
  room_actor room;
  ticket_t ticket = 0;
};
struct claim_asker {
  lobby_actor lobby;
  ticket_t ticket = 0;
};
using work_asker = std::variant<append_asker, open_asker, claim_asker>;

struct persistence_state {
  using interface = persistence_actor;
  static inline constexpr const char* name = "callboard.persistence";

  persistence_state(persistence_actor::pointer self, persistence_needs needs)
    : self{self}, needs{std::move(needs)}, queue{this->needs.bounds, this->needs.random} {}
  ~persistence_state();
  persistence_state(const persistence_state&) = delete;
  persistence_state& operator=(const persistence_state&) = delete;

  void accept(const append& ask);
  void accept(const open_room& ask);
  void accept(const claim& ask);
  void begin_later(work_id id, work_asker asker);
  void begin();
  void settle(const job_done& msg);
  void look_at_clock();
  void answer(const work_answer& what);
  void refuse(const work_asker& asker, errc why, bool undecided) const;
  void tell_log(const store_failure& failure, bool was_ready) const;
  void start_anew(const store_failure& failure) const;
  void on_down(const caf::actor_addr& whom) const;
  persistence_actor::behavior_type make_behavior();

  persistence_actor::pointer self;
  persistence_needs needs;
  writer_actor writer;
  group_commit queue;
  std::unordered_map<work_id, work_asker> askers; ///< As many as the queue holds.
  alarm clock;
  ticket_t last_job = 0; ///< The one that the writer has, if any.
  caf::actor_clock::time_point job_began;
  bool flushing = false; ///< A flush is in the mailbox.
};

// -- steps ----------------------------------------------------------------------------------------

persistence_state::~persistence_state() {
  needs.status->store_ready.store(false, std::memory_order_relaxed);
  stop(writer);
  // The writer reads its mailbox only when its call has ended.
  if (queue.under_way())
    needs.writer_store->interrupt();
}

void persistence_state::accept(const append& ask) {
  if (ask.drafts.empty())
    return tell(self, ask.room, appended{ask.ticket, {}});
  const append_asker asker{ask.room, ask.ticket};
  if (const auto id = queue.append(ask.drafts, self->clock().now()))
    begin_later(*id, asker);
  else
    refuse(asker, errc::busy, false);
}

void persistence_state::accept(const open_room& ask) {
  const open_asker asker{ask.room, ask.ticket};
  if (const auto id = queue.open(ask.name, self->clock().now()))
    begin_later(*id, asker);
  else
    refuse(asker, errc::busy, false);
}

void persistence_state::accept(const claim& ask) {
  const claim_asker asker{ask.lobby, ask.ticket};
  if (const auto id = queue.claim(ask.what, self->clock().now()))
    begin_later(*id, asker);
  else
    refuse(asker, errc::busy, false);
}

/// What is in the mailbox already comes before the flush, and so into the same batch.
void persistence_state::begin_later(work_id id, work_asker asker) {
  askers.emplace(id, std::move(asker));
  if (flushing || queue.under_way())
    return;
  flushing = true;
  tell(self, self, flush{});
}

void persistence_state::begin() {
  const auto now = self->clock().now();
  if (auto what = queue.next(now)) {
    job_began = now;
    tell(self, writer, store_job{self, ++last_job, std::move(*what)});
  }
  const auto pause = queue.wake_in(now);
  if (clock.set(now, pause))
    tell_after(self, pause, self, tick{});
}

void persistence_state::settle(const job_done& msg) {
  if (msg.ticket != last_job || !queue.under_way())
    return;
  const auto* failure = std::get_if<store_failure>(msg.result.get());
  if (failure != nullptr && failure->fault == store_fault::replaced)
    return start_anew(*failure);
  const bool was_ready = queue.ready();
  const auto drafts = queue.drafts_under_way();
  const auto answers = queue.finish(*msg.result, self->clock().now());
  if (failure != nullptr) {
    // Of a refused batch only the guilty draft is news, and it stands alone in the end.
    if (failure->fault == store_fault::again || drafts < 2)
      tell_log(*failure, was_ready);
    if (failure->fault == store_fault::again)
      needs.status->store_retries.fetch_add(1, std::memory_order_relaxed);
  } else if (drafts > 0) {
    needs.status->batches.fetch_add(1, std::memory_order_relaxed);
    if (needs.status->watched.load(std::memory_order_relaxed))
      needs.status->commit_time.record(self->clock().now() - job_began);
  }
  if (queue.ready() && !was_ready)
    log(log_level::info, "the store answers");
  needs.status->store_ready.store(queue.ready(), std::memory_order_relaxed);
  begin(); // the writer first: it works while the answers travel
  for (const auto& a : answers)
    answer(a);
}

void persistence_state::look_at_clock() {
  const auto now = self->clock().now();
  if (!clock.ring(now))
    return;
  for (const auto& a : queue.lose_patience(now))
    answer(a);
  if (queue.stuck(now)) {
    log(log_level::warn, "the store does not answer: its call is interrupted");
    needs.status->store_ready.store(false, std::memory_order_relaxed);
    needs.writer_store->interrupt();
  }
  begin();
}

void persistence_state::answer(const work_answer& what) {
  const auto of = std::visit([](const auto& a) { return a.of; }, what);
  const auto place = askers.find(of);
  const auto asker = place->second;
  if (const auto* refusal = std::get_if<work_refused>(&what)) {
    if (!refusal->undecided)
      askers.erase(place);
    return refuse(asker, refusal->why, refusal->undecided);
  }
  askers.erase(place);
  if (const auto* stored = std::get_if<work_stored>(&what)) {
    const auto& to = std::get<append_asker>(asker);
    tell(self, to.room, appended{to.ticket, stored->receipts});
  } else if (const auto* opened = std::get_if<work_opened>(&what)) {
    const auto& to = std::get<open_asker>(asker);
    tell(self, to.room, room_opened{to.ticket, opened->log});
  } else {
    const auto& to = std::get<claim_asker>(asker);
    tell(self, to.lobby, claimed{to.ticket, std::get<work_claimed>(what).granted});
  }
}

void persistence_state::refuse(const work_asker& asker, errc why, bool undecided) const {
  if (const auto* post = std::get_if<append_asker>(&asker)) {
    tell(self, post->room, append_refused{post->ticket, why, undecided});
  } else if (const auto* open = std::get_if<open_asker>(&asker)) {
    tell(self, open->room, open_refused{open->ticket});
  } else {
    const auto& name = std::get<claim_asker>(asker);
    tell(self, name.lobby, claim_refused{name.ticket});
  }
}

/// Repetitions of the same trouble are counted by `store_retries`, not logged.
void persistence_state::tell_log(const store_failure& failure, bool was_ready) const {
  if (failure.fault == store_fault::refused)
    log(log_level::error, "the store refuses what it was given: why=" + failure.why);
  else if (was_ready || queue.failures() == 1)
    log(log_level::warn, "the store call failed and is repeated: why=" + failure.why);
}

/// The rooms know another log. With this actor the lobby ends them all and builds the way again:
/// their members come back with positions of the old epochs, and are told to begin anew.
void persistence_state::start_anew(const store_failure& failure) const {
  log(log_level::error,
      "the store was replaced, so all rooms are opened again: why=" + failure.why);
  self->quit();
}

void persistence_state::on_down(const caf::actor_addr& /*whom*/) const {
  log(log_level::error, "the writer ended, and persistence with it");
  self->quit();
}

// -- behaviour ------------------------------------------------------------------------------------

persistence_actor::behavior_type persistence_state::make_behavior() {
  writer = needs.start_writer(self->system());
  watch(self, this, writer);
  begin();
  return {
    [this](const append& msg) { accept(msg); },
    [this](const open_room& msg) { accept(msg); },
    [this](const claim& msg) { accept(msg); },
    [this](const flush&) {
      flushing = false;
      begin();
    },
    [this](const job_done& msg) { settle(msg); },
    [this](const tick&) { look_at_clock(); },
  };
}

} // namespace

persistence_actor start_persistence(caf::actor_system& system, persistence_needs needs) {
  return start<persistence_state>(system, std::move(needs));
}

} // namespace callboard
