// Who runs next, and what breaks meanwhile: every choice is the seed's.
#include "actors/lobby_state.hpp"
#include "actors/room_state.hpp"
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string_view>

namespace callboard::simulation {

bool world::happens(fault what) {
  // No dice for what is not planned: a new kind of fault changes no seed that has none of it.
  if (healing_ || script[what] == 0 || !chance.chance(script[what]))
    return false;
  count(what);
  if (trace_)
    say_trace("fault "
              + std::string{fault_names[static_cast<std::size_t>(what)]}); // NOLINT: bounded
  return true;
}

void world::say_trace(const std::string& line) const {
  if (trace_)
    (void)std::printf("%8llu %9.3f  %s\n", static_cast<unsigned long long>(steps_),
                      static_cast<double>(since_start_ms()) / 1000.0, line.c_str());
}

// -- one step -------------------------------------------------------------------------------------

/// Runs one actor for one message. When a send wakes another actor, the sender's handler may be
/// interrupted there, as its thread may be: what it sends afterwards comes behind what others send
/// meanwhile.
class world::worker final : public caf::execution_unit {
public:
  worker(world& outer, bool may_stop)
    : execution_unit{outer.system_.get()}, outer_{outer}, may_stop_{may_stop} {}

  void exec_later(caf::resumable* woken) override {
    outer_.scheduler_->jobs.push_back(woken);
    if (may_stop_ && outer_.happens(fault::preempted))
      for (auto others = outer_.chance.between(1, 12); others > 0; --others)
        if (!outer_.run_job(false))
          return;
  }

private:
  world& outer_;
  bool may_stop_;
};

/// Counts what a room does that no answer shows: it waits for those who talk, it is retired.
class world::room_watch {
public:
  room_watch(world& outer, caf::scheduled_actor& actor) : outer_{outer} {
    if (std::string_view{actor.name()} != room_state::name)
      return;
    room_ = static_cast<const state_actor<room_state>*>(&actor);
    if (room_->state && room_->state->gathering)
      until_ = room_->state->gather_until;
    if (auto* const next = actor.peek_at_next_mailbox_element())
      retires_ = next->content().match_elements<retire>();
  }

  /// After the step; it may have been the actor's last.
  void look() const {
    if (room_ != nullptr && room_->state)
      look_at(*room_->state);
    else if (room_ != nullptr && retires_)
      outer_.count(sight::room_retired);
  }

private:
  /// What is to be sent at once is a wait that ends now.
  void look_at(const room_state& room) const {
    auto& waiting = outer_.waiting_rooms_;
    const bool waits = room.gathering && room.gather_until > outer_.scheduler_->clock().now();
    if (waits && waiting.insert(room_->id()).second)
      outer_.count(sight::gathering);
    else if (room.gathering && until_ && room.gather_until < *until_ && !waits
             && waiting.erase(room_->id()) != 0)
      outer_.count(sight::gathered);
    else if (!room.gathering && waiting.erase(room_->id()) != 0)
      outer_.count(sight::gathered_few);
  }

  world& outer_;
  const state_actor<room_state>* room_ = nullptr;
  std::optional<caf::actor_clock::time_point> until_; ///< Of its wait before the step.
  bool retires_ = false;
};

void world::delay(std::vector<caf::actor_id> whom) {
  delayed_ = std::move(whom);
  delayed_steps_ = static_cast<unsigned>(chance.between(5, 200));
}

std::size_t world::choose_job() {
  const auto& jobs = scheduler_->jobs;
  const auto first = chance.below(jobs.size());
  if (delayed_steps_ == 0)
    return first;
  --delayed_steps_;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto at = (first + i) % jobs.size();
    const auto id = static_cast<caf::scheduled_actor*>(jobs[at])->id();
    if (std::find(delayed_.begin(), delayed_.end(), id) == delayed_.end())
      return at;
  }
  return first;
}

bool world::run_job(bool may_stop) {
  auto& jobs = scheduler_->jobs;
  if (jobs.empty())
    return false;
  const auto at = jobs.begin() + static_cast<std::ptrdiff_t>(choose_job());
  auto* const actor = static_cast<caf::scheduled_actor*>(*at);
  jobs.erase(at);
  if (delayed_steps_ == 0 && happens(fault::actor_delay))
    delay({actor->id()});
  mix(actor->id());
  if (trace_)
    if (auto* const next = actor->peek_at_next_mailbox_element())
      say_trace(std::string{actor->name()} + "#" + std::to_string(actor->id()) + " <- "
                + caf::to_string(next->content()).substr(0, 300));
  // CAF's logger is silent, but notes under a lock which actor runs; each spawn turns it on again.
  caf::logger::set_current_actor_system(nullptr);
  worker on{*this, may_stop};
  const room_watch watch{*this, *actor};
  const auto next = actor->resume(&on, 1);
  watch.look();
  switch (next) {
    case caf::resumable::resume_later:
      jobs.push_front(actor);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(static_cast<caf::resumable*>(actor));
      break;
    case caf::resumable::shutdown_execution_unit:
      break;
  }
  return true;
}

bool world::run_cable() {
  const auto count = cables_.size();
  const auto first = chance.below(count);
  for (std::size_t i = 0; i < count && i < cables_.size(); ++i) {
    auto& each = *cables_[(first + i) % cables_.size()];
    if (each.step()) {
      mix(each.number() ^ 0xcab1eULL);
      return true;
    }
  }
  return false;
}

void world::step() {
  if (++steps_ % 64 == 0)
    check_bounds();
  if (draining_ && (wall_ms() >= drained_by_ms_ || all_gone())) {
    count(sight::drained);
    kill_server();
  }
  if (!serving_ && wall_ms() >= down_until_ms_)
    start_server();
  // Seldom: it must be able to outlive the start of the next server and the opening of its rooms.
  if (db.has_leftover() && chance.chance(4))
    db.end_a_leftover();
  if (happens(fault::time_runs)) {
    scheduler_->trigger_timeout();
    return;
  }
  const bool network_first = chance.chance(300);
  if (network_first && run_cable())
    return;
  if (!chance.chance(15) && run_job())
    return;
  if (run_cable() || run_job())
    return;
  if (!scheduler_->trigger_timeout() && !serving_) // nobody waits for anything but the server
    scheduler_->clock().current_time += std::chrono::seconds{1};
}

// -- what breaks ----------------------------------------------------------------------------------

void world::a_crash(lobby_state& lobby) {
  const auto any_room = [&] {
    auto at = lobby.rooms.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.below(lobby.rooms.size())));
    return at->second.room;
  };
  if (!lobby.rooms.empty() && happens(fault::room_kill))
    stop(any_room(), caf::exit_reason::kill);
  // What has just been built dies more easily: then the lobby waits before it builds again.
  const bool is_young = scheduler_->clock().now() - lobby.built_at < std::chrono::seconds{1};
  const bool again = !healing_ && is_young && script[fault::cache_kill] != 0 && chance.chance(8);
  if (again)
    count(fault::cache_kill);
  const bool cache_dies = lobby.way.cache && (again || happens(fault::cache_kill));
  if (cache_dies)
    stop(lobby.way.cache, caf::exit_reason::kill);
  const bool persistence_dies = lobby.way.persistence && happens(fault::persistence_kill);
  if (persistence_dies)
    stop(lobby.way.persistence, caf::exit_reason::kill);
  if ((!cache_dies && !persistence_dies) || script[fault::actor_delay] == 0)
    return;
  // Rooms that die slowly: their successors are there before anybody hears of their death, and what
  // still reaches them is swallowed.
  std::vector<caf::actor_id> all;
  for (const auto& [name, place] : lobby.rooms)
    all.push_back(place.room->id());
  delay(std::move(all));
}

void world::a_fault() {
  if (!serving_)
    return;
  auto* const any = cables_.empty() ? nullptr : cables_[chance.below(cables_.size())].get();
  if (any != nullptr && happens(fault::cut))
    any->cut();
  if (any != nullptr && happens(fault::half_open))
    any->go_dead();
  if (any != nullptr && any->session() && happens(fault::session_kill))
    stop(any->session(), caf::exit_reason::kill);
  if (auto* const lobby = state_of<lobby_state>(lobby_))
    a_crash(*lobby);
  if (happens(fault::store_away))
    db.go_away(wall_ms() + static_cast<std::int64_t>(chance.between(200, 15000)));
  if (happens(fault::client_kill))
    participants_[chance.below(participants_.size())]->crash();
  if (accepting() && happens(fault::server_drain))
    drain_server();
  if (happens(fault::server_kill))
    kill_server();
}

void world::busy_step() {
  if (chance.chance(script.talk))
    participants_[chance.below(participants_.size())]->act();
  a_fault();
  step();
}

} // namespace callboard::simulation
