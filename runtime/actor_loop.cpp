// One queue, one host: whoever runs actors takes the next one, and nobody else does meanwhile.
#include "runtime/actor_loop.hpp"

#if !CALLBOARD_CAF_1

#include "runtime/prefetch.hpp"

#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace callboard {

namespace {

/// How many actors before its turn one is fetched, and how much of it: all of a session.
constexpr std::size_t ahead = 2;
constexpr std::size_t actor_bytes = 1408;

/// Runs all actors that are not detached, one after another, first come, first served. Without a
/// host, that is before attach() and after detach(), a spare thread of its own is the host, so that
/// actors start before the sockets and end after them.
///
/// Thread-safe where nothing else is said.
class actor_loop final : public loop_guest, public caf::execution_unit {
public:
  /// `turn` actors at the most run in one turn of the host's loop, for `messages` each: so long
  /// may a socket wait.
  actor_loop(std::size_t turn, std::size_t messages) : turn_{turn}, messages_{messages} {}
  ~actor_loop() override = default; ///< After stop().

  actor_loop(const actor_loop&) = delete;
  actor_loop& operator=(const actor_loop&) = delete;

  void attach(std::function<void()> wake) override;
  bool run() override;
  void detach() override;

  // What follows is called by CAF.

  void start(caf::actor_system& system);
  void stop(); ///< Detached; no actor runs any more.
  void enqueue(caf::resumable* job);
  void exec_later(caf::resumable* job) override; ///< By an actor that runs here.

private:
  void begin_spare();
  void end_spare();
  void be_spare(const std::stop_token& ended);
  void take_inbox();
  [[nodiscard]] caf::resumable* next();
  [[nodiscard]] bool idle();
  void carry_out(caf::resumable* job);
  void ask();
  void wake_host();

  const std::size_t turn_;
  const std::size_t messages_;

  std::mutex guard_;
  std::vector<caf::resumable*> inbox_; ///< From other threads. Bounded by the number of actors.
  std::condition_variable_any came_;   ///< For the spare thread.

  std::mutex host_guard_;      ///< Never waited for by a host that takes what it was woken for.
  std::function<void()> wake_; ///< Of the host; none: the spare thread is it.

  // The host's own.
  std::vector<caf::resumable*> now_; ///< In turn; done up to `place_`.
  std::size_t place_ = 0;
  std::vector<caf::resumable*> later_; ///< Behind those.
  bool running_ = false;
  bool asked_ = false; ///< A turn has been asked for, and has not come.

  std::jthread spare_;
};

/// The loop that this thread is host of.
thread_local const actor_loop* hosted = nullptr;

/// What CAF knows as its scheduler: the loop, and a thread that looks at the clock.
class loop_coordinator final : public caf::scheduler::abstract_coordinator {
public:
  loop_coordinator(caf::actor_system& system, actor_loop& loop)
    : abstract_coordinator{system}, loop_{loop} {}

  /// The base class would start a thread that prints: none of our actors does.
  void start() override {
    loop_.start(system());
    timer_ = std::thread{[this] { clock_.run_dispatch_loop(); }};
  }

  void stop() override {
    loop_.stop();
    clock_.cancel_dispatch_loop();
    timer_.join();
  }

  void enqueue(caf::resumable* job) override { loop_.enqueue(job); }

  [[nodiscard]] caf::detail::thread_safe_actor_clock& clock() noexcept override { return clock_; }

private:
  actor_loop& loop_;
  caf::detail::thread_safe_actor_clock clock_;
  std::thread timer_;
};

// -- hosts ----------------------------------------------------------------------------------------

void actor_loop::start(caf::actor_system& system) {
  system_ = &system;
  begin_spare();
}

void actor_loop::stop() {
  end_spare();
  take_inbox();
  while (auto* const job = next()) {
    caf::scheduler::abstract_coordinator::cleanup_and_release(job);
    take_inbox();
  }
}

void actor_loop::attach(std::function<void()> wake) {
  end_spare();
  hosted = this;
  asked_ = true;
  const std::lock_guard lock{host_guard_};
  wake_ = std::move(wake);
  wake_();
}

void actor_loop::detach() {
  hosted = nullptr;
  {
    const std::lock_guard lock{host_guard_};
    wake_ = nullptr;
  }
  begin_spare();
}

void actor_loop::begin_spare() {
  spare_ = std::jthread{[this](const std::stop_token& ended) { be_spare(ended); }};
}

void actor_loop::end_spare() {
  spare_.request_stop();
  if (spare_.joinable())
    spare_.join();
}

void actor_loop::be_spare(const std::stop_token& ended) {
  hosted = this;
  while (!ended.stop_requested()) {
    if (idle()) {
      std::unique_lock lock{guard_};
      if (!came_.wait(lock, ended, [this] { return !inbox_.empty(); }))
        return;
    }
    (void)run(); // What is left shows in idle().
  }
}

// -- jobs -----------------------------------------------------------------------------------------

void actor_loop::enqueue(caf::resumable* job) {
  if (hosted == this) {
    later_.push_back(job);
    if (!running_)
      ask();
    return;
  }
  {
    const std::lock_guard lock{guard_};
    inbox_.push_back(job);
    if (inbox_.size() > 1)
      return; // Whoever put the first one in wakes the host.
  }
  came_.notify_one();
  wake_host();
}

void actor_loop::wake_host() {
  const std::lock_guard lock{host_guard_};
  if (wake_)
    wake_();
}

void actor_loop::exec_later(caf::resumable* job) {
  enqueue(job);
}

bool actor_loop::run() {
  asked_ = false;
  running_ = true;
  take_inbox();
  for (std::size_t done = 0; done < turn_; ++done) {
    auto* const job = next();
    if (job == nullptr)
      break;
    carry_out(job);
  }
  running_ = false;
  return asked_ = !idle();
}

void actor_loop::take_inbox() {
  const std::lock_guard lock{guard_};
  later_.insert(later_.end(), inbox_.begin(), inbox_.end());
  inbox_.clear();
}

caf::resumable* actor_loop::next() {
  if (place_ == now_.size()) {
    now_.clear();
    place_ = 0;
    now_.swap(later_);
  }
  if (now_.empty())
    return nullptr;
  if (place_ + ahead < now_.size())
    prefetch(now_[place_ + ahead], actor_bytes);
  return now_[place_++];
}

/// The inbox need not be looked at: whoever put the first job in has asked for a turn, and every
/// turn empties it.
bool actor_loop::idle() {
  return place_ == now_.size() && later_.empty();
}

void actor_loop::carry_out(caf::resumable* job) {
  switch (job->resume(this, messages_)) {
    case caf::resumable::resume_later:
      later_.push_back(job);
      break;
    case caf::resumable::done:
    case caf::resumable::awaiting_message:
      caf::intrusive_ptr_release(job);
      break;
    case caf::resumable::shutdown_execution_unit:
      break; // Of CAF's own schedulers.
  }
}

void actor_loop::ask() {
  if (!std::exchange(asked_, true))
    wake_host();
}

} // namespace

std::unique_ptr<loop_guest> schedule_on_loop(caf::actor_system_config& config, std::size_t turn) {
  auto loop = std::make_unique<actor_loop>(turn, messages_per_turn);
  config.module_factories.emplace_back(
    [to = loop.get()](caf::actor_system& system) -> caf::actor_system::module* {
      return new loop_coordinator{system, *to}; // NOLINT(*-owning-memory): CAF takes it.
    });
  return loop;
}

} // namespace callboard

#else

namespace callboard {

std::unique_ptr<loop_guest> schedule_on_loop(caf::actor_system_config& /*config*/,
                                             std::size_t /*turn*/) {
  return nullptr;
}

} // namespace callboard

#endif
