// Puts the actors together for production: SQL on threads of its own, everything else on the
// scheduler.
#include "actors/stage.hpp"

#include "actors/cache.hpp"
#include "actors/history.hpp"
#include "actors/lobby.hpp"
#include "actors/persistence.hpp"
#include "actors/session.hpp"
#include "actors/writer.hpp"
#include "domain/random_id.hpp"
#include "runtime/actor_loop.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace callboard {

namespace {

/// How often a server that ends interrupts whoever is inside a store.
constexpr auto interrupt_every = std::chrono::milliseconds{100};

/// What a connection holds of its session. The strong handle is on this side alone.
class port final : public session_port {
public:
  explicit port(session_actor session) : session_{std::move(session)} {}
  port(const port&) = delete;
  port& operator=(const port&) = delete;
  ~port() override { tell_from_outside(session_, connection_closed{}); }

  void frame(std::string text) override {
    tell_from_outside(session_, frame_received{std::move(text)});
  }
  void outbox_low() override { tell_from_outside(session_, callboard::outbox_low{}); }
  void closed() override { tell_from_outside(session_, connection_closed{}); }
  void drain() override { tell_from_outside(session_, callboard::drain{}); }

private:
  session_actor session_;
};

/// Every store that is open, so that the end can interrupt whoever is inside one.
class open_stores {
public:
  store_ptr add(store_ptr store) {
    const std::lock_guard guard{mutex_};
    std::erase_if(stores_, [](const std::weak_ptr<store_type>& old) { return old.expired(); });
    stores_.push_back(store);
    return store;
  }

  void interrupt() {
    const std::lock_guard guard{mutex_};
    for (const auto& each : stores_)
      if (const auto store = each.lock())
        store->interrupt();
  }

private:
  using store_type = callboard::store;
  std::mutex mutex_;
  std::vector<std::weak_ptr<store_type>> stores_;
};

std::uint32_t random_below(std::uint32_t below) {
  thread_local std::minstd_rand engine{std::random_device{}()};
  return below == 0 ? 0 : std::uniform_int_distribution<std::uint32_t>{0, below - 1}(engine);
}

std::int64_t seconds_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// So many actors run before what they have said is written: a fan-out in parts that the
/// processor's cache holds.
constexpr std::size_t actors_per_turn = 256;

/// The loop that runs the actors, unless they are to have `threads`.
std::unique_ptr<loop_guest> choose_scheduler(caf::actor_system_config& config,
                                             std::size_t threads) {
  if (threads == 0)
    if (auto loop = schedule_on_loop(config, actors_per_turn))
      return loop;
  set_scheduler(config, std::max<std::size_t>(threads, 1));
  return nullptr;
}

} // namespace

struct stage::inside {
  inside(const stage_settings& settings, database& stores, token_signer signer,
         std::shared_ptr<server_status> figures)
    : settings{settings},
      stores{stores},
      loop{choose_scheduler(config, settings.worker_threads)},
      system{std::make_unique<caf::actor_system>(config)},
      status{std::move(figures)} {
    lobby = start_lobby(*system,
                        {settings.bounds, [this](caf::actor_system& on) { return build_way(on); },
                         random_id, status});
    needs = std::make_shared<session_needs>(
      session_needs{settings.bounds, lobby, std::make_shared<token_signer>(std::move(signer)),
                    seconds_now, random_id, settings.server, status});
  }

  store_way build_way(caf::actor_system& on) {
    const auto writing = open.add(stores.writer());
    cache_needs reading{settings.bounds, {}, {}, status};
    for (std::size_t i = 0; i < settings.history_readers; ++i) {
      const auto store = open.add(stores.reader());
      reading.reader_stores.push_back(store);
      reading.readers.emplace_back([store, bounds = settings.bounds](caf::actor_system& system) {
        return start_history(system, store, bounds, true);
      });
    }
    return {start_persistence(on, {settings.bounds, writing,
                                   [writing](caf::actor_system& system) {
                                     return start_writer(system, writing, true);
                                   },
                                   status, random_below}),
            start_cache(on, std::move(reading))};
  }

  /// Waits for all of them.
  void end_actors() { system.reset(); }

  stage_settings settings;
  database& stores;
  open_stores open;
  caf::actor_system_config config;
  std::unique_ptr<loop_guest> loop; ///< Null: the actors have threads of their own.
  std::unique_ptr<caf::actor_system> system;
  std::shared_ptr<server_status> status;
  lobby_actor lobby;
  session_needs_ptr needs;
  std::atomic<connection_t> last_connection{0};
};

stage::stage(const stage_settings& settings, database& stores, token_signer signer,
             std::shared_ptr<server_status> status) {
  register_messages<caf::id_block::callboard>();
  inside_ = std::make_unique<inside>(settings, stores, std::move(signer), std::move(status));
}

stage::~stage() {
  stop(inside_->lobby);
  inside_->lobby = nullptr;
  inside_->needs.reset();
  // A call that is stuck would keep its thread, and us, for ever; and a writer may have one more
  // call in its mailbox. So the stores are interrupted until the last actor has ended.
  auto& open = inside_->open;
  std::jthread urge{[&open](const std::stop_token& ended) {
    std::mutex alone;
    std::condition_variable_any pause;
    for (std::unique_lock held{alone}; !ended.stop_requested();
         pause.wait_for(held, ended, interrupt_every, [] { return false; }))
      open.interrupt();
  }};
  inside_->end_actors();
}

loop_guest* stage::guest() {
  return inside_->loop.get();
}

std::unique_ptr<session_port> stage::open(std::weak_ptr<connection> link, dialect speaks) {
  const auto number = ++inside_->last_connection;
  auto& system = *inside_->system;
  auto session = speaks == dialect::go_chat
                   ? start_go_session(system, number, std::move(link), inside_->needs)
                   : start_session(system, number, std::move(link), inside_->needs);
  return std::make_unique<port>(std::move(session));
}

} // namespace callboard
