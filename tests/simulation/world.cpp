// The scheduler of everything: who runs next, which frame moves, what breaks.
#include "tests/simulation/world.hpp"

#include "actors/cache.hpp"
#include "actors/history.hpp"
#include "actors/lobby_state.hpp"
#include "actors/persistence.hpp"
#include "actors/room_state.hpp"
#include "actors/session_state.hpp"

#include <algorithm>
#include <cstdio>

namespace callboard::simulation {

namespace {

/// 2026-01-01T00:00:00Z: where virtual time begins.
constexpr std::int64_t day_one_ms = 1767225600000;

/// Once faults have stopped, everybody must be content within so much virtual time (the longest
/// back-off is 30 s) and so many steps.
constexpr std::int64_t patience_ms = 400000;
constexpr std::uint64_t patience_steps = 400000;

} // namespace

// -- the server -----------------------------------------------------------------------------------

world::world(const plan& what, bool trace)
  : script{what}, chance{what.seed}, db{*this}, secret_{random_secret()}, trace_{trace} {
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  scheduler_ = dynamic_cast<caf::scheduler::test_coordinator*>(&system_->scheduler());
  secret_ = std::string(secret_.size(), 'A'); // well-formed, and the same in every run
  start_server();
  for (unsigned i = 0; i < script.people; ++i)
    participants_.push_back(make_person(*this, i));
  for (unsigned i = 0; i < script.scripts; ++i)
    participants_.push_back(make_script(*this, i));
  for (unsigned i = 0; i < script.go_clients; ++i)
    participants_.push_back(make_go_client(*this, i));
}

world::~world() {
  tear_down();
}

std::int64_t world::wall_ms() const {
  if (scheduler_ == nullptr)
    return day_one_ms;
  const auto since = scheduler_->clock().current_time.time_since_epoch();
  return day_one_ms + std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

void world::start_server() {
  ++server_;
  serving_ = true;
  status_ = std::make_shared<server_status>();
  const auto build = [this, server = server_](caf::actor_system& system) {
    const auto writing = make_interruptible();
    cache_needs reading{script.bounds, {}, {}, status_};
    for (int i = 0; i < 2; ++i) {
      const auto reads = make_read_store(*this, server);
      reading.reader_stores.push_back(reads);
      reading.readers.emplace_back([reads, this](caf::actor_system& on) {
        return start_history(on, reads, script.bounds, false);
      });
    }
    return store_way{
      start_persistence(system, {script.bounds, writing,
                                 [this, server, writing](caf::actor_system& on) {
                                   return start_sim_writer(on, *this, server, writing);
                                 },
                                 status_,
                                 [this](std::uint32_t below) {
                                   return static_cast<std::uint32_t>(chance.below(below));
                                 }}),
      start_cache(system, std::move(reading))};
  };
  lobby_ = start_lobby(*system_, {script.bounds, build, [this] { return chance.id(); }, status_});
  session_needs needs{script.bounds,
                      lobby_,
                      std::make_shared<token_signer>(secret_, script.bounds.token_life),
                      [this] { return wall_ms() / 1000; },
                      [this] { return chance.id(); },
                      "sim",
                      status_};
  needs_ = std::make_shared<session_needs>(std::move(needs));
}

void world::kill_server() {
  // Nothing that a dead server's actors still do has any effect: their stores refuse, their cables
  // are cut.
  serving_ = false;
  stop(lobby_, caf::exit_reason::kill);
  lobby_ = nullptr;
  for (const auto& each : cables_) {
    stop(each->session(), caf::exit_reason::kill);
    each->server_gone();
  }
  needs_.reset();
  down_until_ms_ = wall_ms() + static_cast<std::int64_t>(chance.below(8000));
  if (happens(fault::epochs_renewed)) {
    memory_database again{db.shared_log()};
    (void)again.renew_epochs();
  }
}

session_actor world::start_session_for(const std::shared_ptr<server_end>& end, dialect speaks) {
  const auto number = ++last_connection_;
  return speaks == dialect::v1 ? start_session(*system_, number, end, needs_)
                               : start_go_session(*system_, number, end, needs_);
}

cable* world::connect(socket_user* user, dialect speaks) {
  std::erase_if(cables_, [](const auto& each) { return each->gone() && !each->is_open(); });
  cables_.push_back(std::make_unique<cable>(*this, ++last_cable_, user, speaks));
  return cables_.back().get();
}

std::string room_name(std::uint64_t number) {
  return number == 0 ? "general" : "room" + std::to_string(number);
}

// -- chance ---------------------------------------------------------------------------------------

bool world::happens(fault what) {
  // No dice for what is not planned: a new kind of fault changes no seed that has none of it.
  if (healing_ || script[what] == 0 || !chance.chance(script[what]))
    return false;
  count(what);
  say_trace("fault " + std::string{fault_names[static_cast<std::size_t>(what)]}); // NOLINT: bounded
  return true;
}

void world::say_trace(const std::string& line) const {
  if (trace_)
    (void)std::printf("%8llu %9.3f  %s\n", static_cast<unsigned long long>(steps_),
                      static_cast<double>(wall_ms() - day_one_ms) / 1000.0, line.c_str());
}

void world::delay(caf::actor_id whom) {
  delayed_ = whom;
  delayed_steps_ = static_cast<unsigned>(chance.between(5, 200));
}

bool world::run_job() {
  auto& jobs = scheduler_->jobs;
  if (jobs.empty())
    return false;
  auto at = chance.below(jobs.size());
  if (delayed_steps_ > 0) {
    --delayed_steps_;
    for (std::size_t i = 0; i < jobs.size(); ++i)
      if (static_cast<caf::scheduled_actor*>(jobs[(at + i) % jobs.size()])->id() != delayed_) {
        at = (at + i) % jobs.size();
        break;
      }
  }
  std::rotate(jobs.begin(), jobs.begin() + static_cast<std::ptrdiff_t>(at),
              jobs.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  auto* const actor = static_cast<caf::scheduled_actor*>(jobs.front());
  if (delayed_steps_ == 0 && happens(fault::actor_delay))
    delay(actor->id());
  mix(actor->id());
  if (trace_)
    if (auto* const next = actor->peek_at_next_mailbox_element())
      say_trace(std::string{actor->name()} + "#" + std::to_string(actor->id()) + " <- "
                + caf::to_string(next->content()).substr(0, 300));
  scheduler_->run_once();
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
  ++steps_;
  if (!serving_ && wall_ms() >= down_until_ms_)
    start_server();
  // Seldom: it must be able to outlive the start of the next server and the opening of its rooms.
  if (db.has_leftover() && chance.chance(4))
    db.end_a_leftover();
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

void world::a_crash(lobby_state& lobby) {
  const auto any_room = [&] {
    auto at = lobby.rooms.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(chance.below(lobby.rooms.size())));
    return at->second.room;
  };
  if (!lobby.rooms.empty() && happens(fault::room_kill))
    stop(any_room(), caf::exit_reason::kill);
  const bool cache_dies = lobby.way.cache && happens(fault::cache_kill);
  if (cache_dies)
    stop(lobby.way.cache, caf::exit_reason::kill);
  const bool persistence_dies = lobby.way.persistence && happens(fault::persistence_kill);
  if (persistence_dies)
    stop(lobby.way.persistence, caf::exit_reason::kill);
  // A room that dies slowly: its successor is there before anybody hears of its death.
  if ((cache_dies || persistence_dies) && !lobby.rooms.empty() && script[fault::actor_delay] != 0)
    delay(any_room()->id());
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
  if (happens(fault::client_kill))
    participants_[chance.below(participants_.size())]->crash();
  if (happens(fault::server_drain))
    for (const auto& each : cables_)
      each->drain();
  if (happens(fault::server_kill))
    kill_server();
}

void world::busy_step() {
  if (chance.chance(script.talk))
    participants_[chance.below(participants_.size())]->act();
  a_fault();
  step();
  if (steps_ % 64 == 0)
    check_bounds();
}

// -- the end --------------------------------------------------------------------------------------

void world::heal() {
  // A last crash: what its transactions still commit is covered by nothing that is said afterwards.
  if (serving_ && script[fault::server_kill] != 0 && chance.chance(500)) {
    count(fault::server_kill);
    kill_server();
  }
  healing_ = true;
  delayed_steps_ = 0;
  if (!serving_)
    start_server();
  for (std::size_t i = 0; i < cables_.size(); ++i) // NOLINT: who is cut may connect anew
    cables_[i]->heal();
  for (const auto& each : participants_)
    each->heal();
}

bool world::settled() const {
  return !db.has_leftover()
         && std::all_of(participants_.begin(), participants_.end(),
                        [](const auto& each) { return each->settled(); })
         && std::all_of(cables_.begin(), cables_.end(), [](const auto& each) {
              return !each->is_open() || (each->at_rest() && each->check().level());
            });
}

void world::settle() {
  const auto until = wall_ms() + patience_ms;
  const auto last = steps_ + patience_steps;
  while (facts.violation().empty() && wall_ms() < until && steps_ < last) {
    if (steps_ % 32 == 0 && scheduler_->jobs.empty() && settled())
      return;
    step();
  }
}

void world::check_end() {
  for (const auto& each : participants_)
    each->check_end();
  for (const auto& each : cables_)
    if (each->is_open())
      each->check().at_the_end();
  db.log().each_room([this](const std::string& name, const memory_room& room) {
    if (room.entries.size() != facts.head(name))
      facts.fail("the database holds " + std::to_string(room.entries.size()) + " entries of " + name
                 + ", not " + std::to_string(facts.head(name)));
    for (std::size_t i = 0; i < room.entries.size(); ++i)
      if (room.entries[i].seq != i + 1)
        facts.fail("the log of " + name + " has a gap at " + std::to_string(i + 1));
  });
}

void world::check_outbox(const cable& at, std::size_t waiting) {
  const auto& bounds = script.bounds;
  // One batch may come on top of the high mark, one page on top of the low one, and answers that
  // are no pages: each has cost a credit.
  const auto batch = std::max(bounds.batch_bytes, bounds.text_bytes) + bounds.batch_posts * 400;
  const auto most = bounds.outbox_high_bytes + batch + bounds.page_bytes + bounds.text_bytes + 2000
                    + bounds.requests_under_way * std::size_t{4000};
  if (waiting > most)
    facts.fail("the outbox of socket " + std::to_string(at.number()) + " holds "
               + std::to_string(waiting) + " bytes; at most " + std::to_string(most));
}

/// Above the high mark nothing goes out; what went out may overshoot it by a run, and by the page
/// that was asked for below the low mark.
void world::check_unasked(const cable& at, std::size_t waiting, std::size_t added) {
  longest_run_ = std::max(longest_run_, added);
  const auto most = script.bounds.outbox_high_bytes + script.bounds.page_bytes + 2 * longest_run_;
  if (waiting > most)
    facts.fail("socket " + std::to_string(at.number()) + " has to take " + std::to_string(waiting)
               + " bytes that it did not ask for; at most " + std::to_string(most));
}

void world::check_bounds() {
  auto* const lobby = state_of<lobby_state>(lobby_);
  if (!serving_ || lobby == nullptr)
    return;
  for (const auto& [name, place] : lobby->rooms) {
    const auto* const room = state_of<room_state>(place.room);
    if (room == nullptr)
      continue;
    if (room->waiting.size() + room->under_way.size() > script.bounds.room_posts)
      facts.fail("room " + name + " lets " + std::to_string(room->waiting.size()) + " posts wait");
  }
  if (status_->cache_bytes.load() > script.bounds.cache_bytes)
    facts.fail("the cache holds " + std::to_string(status_->cache_bytes.load()) + " bytes");
  for (const auto& each : cables_) {
    if (!each->session() || each->speaks() != dialect::v1)
      continue;
    const auto* const session = state_of<session_state>(each->session());
    if (session != nullptr && session->pending.size() > script.bounds.requests_under_way)
      facts.fail("a session has " + std::to_string(session->pending.size())
                 + " requests under way");
  }
}

void world::tear_down() {
  if (!system_)
    return;
  healing_ = true;
  serving_ = false;
  for (const auto& each : participants_)
    each->stop();
  stop(lobby_, caf::exit_reason::kill);
  lobby_ = nullptr;
  for (const auto& each : cables_) {
    stop(each->session(), caf::exit_reason::kill);
    each->server_gone();
  }
  needs_.reset();
  system_->await_actors_before_shutdown(false);
  do {
    while (!scheduler_->jobs.empty())
      scheduler_->run_once();
    scheduler_->clock().cancel_all();
  } while (!scheduler_->jobs.empty());
  participants_.clear();
  cables_.clear();
}

report world::run() {
  for (unsigned i = 0; i < script.busy_steps && facts.violation().empty(); ++i)
    busy_step();
  heal();
  settle();
  if (facts.violation().empty())
    check_end();
  tear_down();
  if (const auto left = system_->registry().running(); left != 0 && facts.violation().empty())
    facts.fail(std::to_string(left) + " actors outlive the shutdown");
  return {facts.violation(), steps_, hash_, facts.entries(), happened_};
}

report simulate(const plan& what, bool trace) {
  world one{what, trace};
  return one.run();
}

} // namespace callboard::simulation
