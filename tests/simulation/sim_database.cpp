// Row locks, lost answers, late commits, stuck calls.
#include "tests/simulation/sim_database.hpp"

#include "tests/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace callboard::simulation {

namespace {

std::set<std::string> rooms_of(const std::vector<draft_ptr>& batch) {
  std::set<std::string> rooms;
  for (const auto& what : batch)
    rooms.insert(what->room);
  return rooms;
}

} // namespace

sim_database::sim_database(world& outer)
  : outer_{outer},
    log_{std::make_shared<memory_log>([&outer] { return outer.wall_ms(); },
                                      [&outer] { return outer.chance.id(); })},
    direct_{log_} {
  log_->refuse_when([](const draft& what) { return what.text.find(poison) != std::string::npos; });
}

sim_database::number sim_database::begin(std::uint64_t server, batch_ptr batch) {
  wait_for(rooms_of(*batch));
  open_.emplace(++last_, transaction{server, false, std::move(batch)});
  return last_;
}

outcome<std::vector<receipt>> sim_database::commit(number which) {
  const auto found = open_.find(which);
  if (found == open_.end())
    return store_failure{store_fault::again, "somebody waited for its locks, and it ended"};
  const auto batch = found->second.batch;
  open_.erase(found);
  auto result = direct_.append(*batch);
  if (const auto* receipts = value_of(result))
    for (std::size_t i = 0; i < receipts->size(); ++i)
      outer_.facts.committed(*(*batch)[i], (*receipts)[i]);
  return result;
}

void sim_database::abort(number which) {
  open_.erase(which);
}

outcome<room_head> sim_database::open(const std::string& room) {
  wait_for({room});
  return direct_.open(room);
}

std::string sim_database::epoch(const std::string& room) const {
  std::string found;
  log_->each_room([&](const std::string& name, const memory_room& what) {
    if (name == room)
      found = what.epoch;
  });
  return found;
}

/// Somebody else needs its locks, or its time has come.
void sim_database::end(number which) {
  if (!outer_.chance.chance(700))
    return abort(which);
  const auto before = outer_.facts.entries();
  const bool is_late = is_left_over(open_.at(which));
  (void)commit(which);
  if (is_late && outer_.facts.entries() > before)
    outer_.count(sight::late_commit);
}

void sim_database::wait_for(const std::set<std::string>& rooms) {
  std::vector<number> holders;
  for (const auto& [which, each] : open_)
    for (const auto& what : *each.batch)
      if (rooms.contains(what->room)) {
        holders.push_back(which);
        break;
      }
  for (const auto which : holders)
    end(which);
}

void sim_database::leave_over(number which) {
  if (const auto found = open_.find(which); found != open_.end())
    found->second.is_left_over = true;
}

bool sim_database::is_left_over(const transaction& what) const {
  return what.is_left_over || !outer_.lives(what.server);
}

bool sim_database::is_away() const {
  return outer_.wall_ms() < away_until_ms_;
}

bool sim_database::has_leftover() const {
  return std::any_of(open_.begin(), open_.end(),
                     [this](const auto& each) { return is_left_over(each.second); });
}

void sim_database::end_a_leftover() {
  for (const auto& [which, each] : open_)
    if (is_left_over(each))
      return end(which);
}

// -- the writer -----------------------------------------------------------------------------------

namespace {

struct go_on { // to itself: the database has come so far
  CALLBOARD_MESSAGE(go_on)
};
struct wake { // from interrupt()
  CALLBOARD_MESSAGE(wake)
};

using sim_writer_actor = takes<store_job, go_on, wake>;

/// Only interrupt() is ever called.
class interruptible final : public store {
public:
  outcome<std::vector<receipt>> append(std::span<const draft_ptr> /*batch*/) override {
    return never();
  }
  outcome<room_head> open(const std::string& /*room*/) override { return never(); }
  outcome<std::vector<entry>> read(const read_query& /*query*/) override { return never(); }
  outcome<std::vector<room_info>> rooms(std::string_view /*prefix*/,
                                        std::size_t /*limit*/) override {
    return never();
  }
  outcome<bool> claim_name(const name_claim& /*claim*/) override { return never(); }
  outcome<std::string> meta(const std::string& /*key*/, const std::string& /*fresh*/) override {
    return never();
  }
  outcome<done> ping() override { return never(); }
  void interrupt() noexcept override { tell_from_outside(writer, wake{}); }

  sim_writer_actor writer;

private:
  static store_failure never() { return {store_fault::again, "not a store"}; }
};

struct sim_writer_state {
  using interface = sim_writer_actor;
  static inline constexpr const char* name = "sim.writer";

  sim_writer_state(interface::pointer self, world* outer, std::uint64_t server)
    : self{self}, outer{outer}, server{server} {}
  sim_writer_state(const sim_writer_state&) = delete;
  sim_writer_state& operator=(const sim_writer_state&) = delete;
  ~sim_writer_state() { let_go(); }

  /// A connection that ends leaves its transaction behind: it may commit yet, or not.
  void let_go() {
    if (!under_way)
      return;
    if (outer->chance.chance(outer->script[fault::store_leftover])) {
      outer->count(fault::store_leftover);
      outer->db.leave_over(*under_way);
    } else {
      outer->db.abort(*under_way);
    }
    under_way.reset();
  }

  void answer(job_result what) {
    tell(self, asked.persistence,
         job_done{asked.ticket, std::make_shared<const job_result>(std::move(what))});
  }
  void answer_again(const char* why) { answer(store_failure{store_fault::again, why}); }

  template <class T>
  void answer_outcome(outcome<T> what) {
    std::visit([this](auto& x) { answer(std::move(x)); }, what);
  }

  void begin(const store_job& msg) {
    if (!outer->lives(server))
      return;
    asked = msg;
    if (outer->happens(fault::writer_crash))
      throw std::runtime_error{std::string{planted_crash} + " of the writer"};
    if (outer->db.is_away())
      return answer_again("the database is away");
    if (outer->happens(fault::store_before))
      return answer_again("before the commit");
    const auto* batch = std::get_if<batch_ptr>(&msg.what);
    if (batch == nullptr)
      return call();
    outer->check_batch(**batch);
    under_way = outer->db.begin(server, *batch);
    if (outer->happens(fault::store_stall)) {
      stuck = true;
      return;
    }
    if (outer->happens(fault::store_slow))
      return tell_after(self, std::chrono::milliseconds{outer->chance.between(1, 4000)}, self,
                        go_on{});
    finish();
  }

  void call() {
    if (outer->happens(fault::store_stall)) {
      stuck = true;
      return;
    }
    if (const auto* open = std::get_if<store_open>(&asked.what))
      answer_outcome(outer->db.open(open->room));
    else if (const auto* claim = std::get_if<std::shared_ptr<const name_claim>>(&asked.what))
      answer_outcome(outer->db.direct().claim_name(**claim));
    else
      answer_outcome(outer->db.direct().ping());
  }

  void finish() {
    if (!under_way || stuck || !outer->lives(server))
      return;
    if (outer->db.is_away()) { // it may have committed before it went, or not
      let_go();
      return answer_again("the database went away");
    }
    auto result = outer->db.commit(*std::exchange(under_way, std::nullopt));
    if (outer->happens(fault::store_after))
      return answer_again("the answer was lost");
    answer_outcome(std::move(result));
  }

  void interrupted() {
    if (!std::exchange(stuck, false))
      return;
    let_go();
    answer_again("interrupted");
  }

  interface::behavior_type make_behavior() {
    return {
      [this](const store_job& msg) { begin(msg); },
      [this](const go_on&) { finish(); },
      [this](const wake&) { interrupted(); },
    };
  }

  interface::pointer self;
  world* outer;
  std::uint64_t server;
  store_job asked;
  std::optional<sim_database::number> under_way;
  bool stuck = false;
};

/// Reads what is committed, and fails when the seed says.
class read_store final : public store {
public:
  read_store(world& outer, std::uint64_t server) : outer_{outer}, server_{server} {}

  outcome<std::vector<receipt>> append(std::span<const draft_ptr> /*batch*/) override {
    return failed();
  }
  outcome<room_head> open(const std::string& /*room*/) override { return failed(); }
  outcome<std::vector<entry>> read(const read_query& query) override {
    if (!outer_.lives(server_) || outer_.db.is_away() || outer_.happens(fault::read_fails))
      return failed();
    return outer_.db.direct().read(query);
  }
  outcome<std::vector<room_info>> rooms(std::string_view prefix, std::size_t limit) override {
    if (!outer_.lives(server_) || outer_.db.is_away() || outer_.happens(fault::read_fails))
      return failed();
    return outer_.db.direct().rooms(prefix, limit);
  }
  outcome<bool> claim_name(const name_claim& /*claim*/) override { return failed(); }
  outcome<std::string> meta(const std::string& /*key*/, const std::string& /*fresh*/) override {
    return failed();
  }
  outcome<done> ping() override { return done{}; }
  void interrupt() noexcept override {
    if (interrupted)
      interrupted();
  }

  std::function<void()> interrupted;

private:
  static store_failure failed() { return {store_fault::again, "a planted failure"}; }

  world& outer_;
  std::uint64_t server_;
};

} // namespace

writer_actor start_sim_writer(caf::actor_system& system, world& outer, std::uint64_t server,
                              const std::shared_ptr<store>& interrupts) {
  auto writer = start<sim_writer_state>(system, &outer, server);
  dynamic_cast<interruptible&>(*interrupts).writer = writer;
  return writer;
}

std::shared_ptr<store> make_interruptible() {
  return std::make_shared<interruptible>();
}

void on_interrupt(const store_ptr& reads, std::function<void()> then) {
  dynamic_cast<read_store&>(*reads).interrupted = std::move(then);
}

store_ptr make_read_store(world& outer, std::uint64_t server) {
  return std::make_shared<read_store>(outer, server);
}

} // namespace callboard::simulation
