// Servers that come and go, the end of a run, and what must hold then.
#include "tests/simulation/world.hpp"

#include "actors/cache.hpp"
#include "actors/history.hpp"
#include "actors/persistence.hpp"

#include <algorithm>

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

std::int64_t world::since_start_ms() const {
  if (scheduler_ == nullptr)
    return 0;
  const auto since = scheduler_->clock().current_time.time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

std::int64_t world::wall_ms() const {
  return day_one_ms + since_start_ms();
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
        return start_sim_history(on, *this, start_history(on, reads, script.bounds, false), reads);
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

/// As on SIGTERM (actors/stage.cpp): nobody new is let in, everybody is sent away, and what has not
/// gone when time is up is cut.
void world::drain_server() {
  draining_ = true;
  drained_by_ms_ = wall_ms() + script.bounds.drain_within.count();
  for (const auto& each : cables_)
    each->drain();
}

bool world::all_gone() const {
  return std::none_of(cables_.begin(), cables_.end(),
                      [](const auto& each) { return each->session() != nullptr; });
}

void world::kill_server() {
  // Nothing that a dead server's actors still do has any effect: their stores refuse, their cables
  // are cut.
  serving_ = false;
  draining_ = false;
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

// -- the end --------------------------------------------------------------------------------------

void world::heal() {
  // A last crash, if possible in the middle of a transaction: what that still commits is covered by
  // nothing that is said afterwards.
  if (script[fault::server_kill] != 0 && chance.chance(500)) {
    for (int i = 0; i < 300 && !db.is_busy(); ++i)
      busy_step();
    if (serving_) {
      count(fault::server_kill);
      kill_server();
    }
    // With all clients, as in a power cut: then nobody repeats what was under way, either.
    if (script[fault::client_kill] != 0)
      for (const auto& each : participants_) {
        count(fault::client_kill);
        each->crash();
      }
  }
  healing_ = true;
  delayed_steps_ = 0;
  db.go_away(0);
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

/// False when it has taken longer than anybody's patience.
bool world::settle() {
  const auto until = wall_ms() + patience_ms;
  const auto last = steps_ + patience_steps;
  auto looked_at = steps_;
  while (facts.violation().empty() && wall_ms() < until && steps_ < last) {
    // Not at every 32nd step: a clock that rings every second step would be in phase with it.
    if (steps_ - looked_at >= 32 && scheduler_->jobs.empty()) {
      looked_at = steps_;
      if (settled())
        return true;
    }
    step();
  }
  return false;
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

/// As the server's own end (actors/stage.cpp): connections go, the lobby is stopped, and stuck
/// store calls are interrupted by those who wait for them. Time stands still.
void world::tear_down() {
  if (!system_)
    return;
  healing_ = true;
  for (const auto& each : participants_)
    each->stop();
  for (const auto& each : cables_)
    each->cut();
  stop(lobby_);
  lobby_ = nullptr;
  needs_.reset();
  serving_ = false;
  while (!scheduler_->jobs.empty())
    scheduler_->run_once();
  if (const auto left = system_->registry().running(); left != 0)
    facts.fail(std::to_string(left) + " actors outlive the shutdown");
  scheduler_->clock().cancel_all();
  system_->await_actors_before_shutdown(false);
  participants_.clear();
  cables_.clear();
}

report world::run() {
  for (unsigned i = 0; i < script.busy_steps && facts.violation().empty(); ++i)
    busy_step();
  heal();
  const bool at_rest = settle();
  if (facts.violation().empty())
    check_end();
  if (!at_rest && facts.violation().empty())
    facts.fail(
      "nothing breaks any more, and yet somebody waits for ever: a welcome, a room, a frame");
  check_bounds();
  tear_down();
  return {facts.violation(), steps_,      hash_, facts.entries(), happened_, seen_,
          longest_mailbox_,  most_alarms_};
}

report simulate(const plan& what, bool trace) {
  world one{what, trace};
  // Supervision mends what an exception ends, so nobody would notice one that is not planted.
  set_log_sink([&one](log_level, std::string_view line) {
    if (line.starts_with("actor crashed") && line.find(planted_crash) == std::string_view::npos)
      one.facts.fail(std::string{line});
  });
  set_log_level(log_level::error);
  auto result = one.run();
  set_log_level(log_level::off);
  set_log_sink(nullptr);
  return result;
}

} // namespace callboard::simulation
