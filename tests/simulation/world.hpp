// A whole chat in one process and one thread: servers, database, network and clients, with virtual
// time and everything chosen by one seed. What is real is real: lobby, room, sessions, persistence,
// cache, history, link and timeline are the product's own.
#pragma once

#include "actors/lobby.hpp"
#include "actors/session.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/parsed_frames.hpp"
#include "tests/simulation/plan.hpp"
#include "tests/simulation/sim_database.hpp"
#include "tests/simulation/truth.hpp"

#include <caf/scheduler/test_coordinator.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace callboard {
struct lobby_state;
}

namespace callboard::simulation {

/// Somebody who uses the server: a person with the real client, a script, a go-chat client.
class participant {
public:
  participant() = default;
  participant(const participant&) = delete;
  participant& operator=(const participant&) = delete;
  virtual ~participant() = default;
  virtual void act() = 0;                         ///< Does one thing that the dice choose.
  virtual void crash() {}                         ///< Its process ends and starts again.
  virtual void heal() = 0;                        ///< No more work: only what is owed.
  [[nodiscard]] virtual bool settled() const = 0; ///< Owes nothing and is owed nothing.
  virtual void check_end() = 0;                   ///< The promises, literally.
  virtual void stop() = 0;                        ///< Ends its actors.
};

struct report {
  std::string violation; ///< Empty: the promises hold.
  std::uint64_t steps = 0;
  std::uint64_t trace_hash = 0; ///< Equal for equal runs, also across processes.
  std::uint64_t entries = 0;
  std::array<std::uint64_t, fault_count> happened{};
  std::array<std::uint64_t, sight_count> seen{};
  std::size_t longest_mailbox = 0; ///< Messages.
  std::size_t most_alarms = 0;     ///< Deadlines that wait at once.
};

class world {
public:
  explicit world(const plan& what, bool trace = false);
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  [[nodiscard]] report run();

  // -- for the parts ----------------------------------------------------------------------------

  /// Rolls the dice for a fault of the plan, unless faults have stopped. Counts it.
  [[nodiscard]] bool happens(fault what);
  [[nodiscard]] bool happened(fault what) const {
    return happened_[static_cast<std::size_t>(what)] > 0; // NOLINT: bounded
  }
  void count(fault what) { ++happened_[static_cast<std::size_t>(what)]; } // NOLINT: bounded

  /// Something that servers are to meet, and that a socket got: see plan.hpp.
  void count(sight what) { ++seen_[static_cast<std::size_t>(what)]; } // NOLINT: bounded

  [[nodiscard]] bool lives(std::uint64_t server) const { return server == server_ && serving_; }
  [[nodiscard]] bool serving() const { return serving_; }
  [[nodiscard]] bool accepting() const { return serving_ && !draining_; }
  [[nodiscard]] bool healing() const { return healing_; }
  [[nodiscard]] std::int64_t wall_ms() const;
  [[nodiscard]] std::int64_t since_start_ms() const;
  [[nodiscard]] session_actor start_session_for(const std::shared_ptr<server_end>& end,
                                                dialect speaks);
  [[nodiscard]] cable* connect(socket_user* user, dialect speaks);
  void check_outbox(const cable& at, std::size_t waiting);
  void check_unasked(const cable& at, std::size_t waiting, std::size_t added);
  void check_batch(const std::vector<draft_ptr>& batch);
  [[nodiscard]] std::uint64_t next_text() { return ++last_text_; }
  void say_trace(const std::string& line) const;

  /// What a socket gets counts for the trace's hash, and who ran when does anyway.
  void mix(std::string_view bytes) { mix(std::hash<std::string_view>{}(bytes)); }
  void mix(std::uint64_t what) { hash_ = (hash_ ^ what) * 1099511628211ULL; }

  plan script;
  dice chance;
  truth facts;
  parsed_frames parsed;
  std::string twin_token;   ///< Of the last raw connection that was welcomed.
  std::string person_token; ///< Of the first person.

private:
  class worker;
  class room_watch;
  void start_server();
  void drain_server();
  void kill_server();
  [[nodiscard]] bool all_gone() const;
  void busy_step();
  void a_fault();
  void a_crash(lobby_state& lobby);
  void delay(std::vector<caf::actor_id> whom);
  void step();
  std::size_t choose_job();
  bool run_job(bool may_stop = true);
  bool run_cable();
  void heal();
  bool settle();
  void check_bounds();
  void check_rooms(const lobby_state& lobby);
  void check_authors(const lobby_state& lobby);
  void watch_cache(const lobby_state& lobby);
  void check_session(const cable& of);
  void check_mail();
  void check_end();
  void tear_down();
  [[nodiscard]] bool settled() const;

  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  caf::scheduler::test_coordinator* scheduler_ = nullptr;

public:
  sim_database db;
  [[nodiscard]] caf::actor_system& system() { return *system_; }

private:
  std::uint64_t server_ = 0;
  bool serving_ = false;
  bool healing_ = false;
  bool draining_ = false;
  std::int64_t drained_by_ms_ = 0;
  std::int64_t down_until_ms_ = 0;
  lobby_actor lobby_;
  std::shared_ptr<server_status> status_;
  session_needs_ptr needs_;
  std::string secret_;
  connection_t last_connection_ = 0;
  std::vector<std::unique_ptr<cable>> cables_;
  std::uint64_t last_cable_ = 0;
  std::vector<std::unique_ptr<participant>> participants_;
  std::uint64_t last_text_ = 0;
  std::size_t longest_run_ = 0;        ///< Bytes that were sent at once without being asked for.
  std::vector<caf::actor_id> delayed_; ///< These actors are not run for a while.
  unsigned delayed_steps_ = 0;
  std::set<caf::actor_id> waiting_rooms_; ///< For those who talk.
  std::size_t longest_mailbox_ = 0;
  std::size_t most_alarms_ = 0;
  std::pair<caf::actor_id, std::size_t> cached_; ///< By which cache, bytes, when last looked at.
  bool trace_ = false;
  std::uint64_t steps_ = 0;
  std::uint64_t hash_ = 1469598103934665603ULL;
  std::array<std::uint64_t, fault_count> happened_{};
  std::array<std::uint64_t, sight_count> seen_{};
};

/// Runs one plan in a world of its own.
[[nodiscard]] report simulate(const plan& what, bool trace = false);

/// Room 0 is where go-chat is.
[[nodiscard]] std::string room_name(std::uint64_t number);

/// Lines of a go-chat frame: one object, or an array of objects. False: it is neither.
[[nodiscard]] bool parse_go_lines(std::string_view text, std::vector<wire::go_line>& lines);

[[nodiscard]] std::unique_ptr<participant> make_person(world& outer, unsigned number);
[[nodiscard]] std::unique_ptr<participant> make_script(world& outer, unsigned number);
[[nodiscard]] std::unique_ptr<participant> make_go_client(world& outer, unsigned number);

} // namespace callboard::simulation
