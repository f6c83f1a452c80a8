// Actors as guests of an event loop: they run on its thread and nowhere else, in turn, and nothing
// is forgotten where the host changes.
#define CAF_SUITE actor_loop

#include "runtime/actor_loop.hpp"

#include <caf/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

using namespace callboard;
using namespace std::chrono_literals;

namespace actor_loop_suite {

namespace {

using worker = takes<int>;
using numbers = std::vector<int>;

constexpr auto patience = 10s;

/// What workers have done, and on which thread.
class diary {
public:
  void note(int what) {
    const std::lock_guard lock{guard_};
    done_.push_back(what);
    where_.push_back(std::this_thread::get_id());
    changed_.notify_all();
  }

  /// Waits for another thread; false when it does not come.
  [[nodiscard]] bool until(std::size_t notes) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, patience, [&] { return done_.size() >= notes; });
  }

  [[nodiscard]] numbers done() {
    const std::lock_guard lock{guard_};
    return done_;
  }

  /// How many of the notes this thread has made.
  [[nodiscard]] std::size_t here() {
    const std::lock_guard lock{guard_};
    return static_cast<std::size_t>(std::ranges::count(where_, std::this_thread::get_id()));
  }

private:
  std::mutex guard_;
  std::condition_variable changed_;
  numbers done_;
  std::vector<std::thread::id> where_;
};

/// Notes each number; one of 1000 or more it sends on to `next`, less 1000.
struct writing_worker {
  using interface = worker;
  static inline constexpr const char* name = "test.writing";

  writing_worker(worker::pointer self, diary& book, worker next)
    : self{self}, book{book}, next{std::move(next)} {}

  worker::behavior_type make_behavior() {
    return {[this](int what) {
      book.note(what);
      if (what >= 1000)
        tell(self, next, what - 1000);
    }};
  }

  worker::pointer self;
  diary& book;
  worker next;
};

/// The test's own thread is the loop.
struct house {
  explicit house(std::size_t turn = 256) : loop{schedule_on_loop(config, turn)} {
    system.emplace(config);
  }
  ~house() { end(); }
  house(const house&) = delete;
  house& operator=(const house&) = delete;

  worker add(worker next = {}) {
    workers.push_back(start<writing_worker>(*system, book, std::move(next)));
    return workers.back();
  }

  void attach() {
    loop->attach([this] { ++wakes; });
  }

  /// As a loop does: a turn for each wake-up, and more where more is left.
  void turn() {
    while (wakes.exchange(0) > 0)
      while (loop->run()) {
      }
  }

  void end() {
    for (const auto& each : workers)
      stop(each);
    workers.clear();
    system.reset();
  }

  diary book;
  std::atomic<int> wakes{0};
  caf::actor_system_config config;
  std::unique_ptr<loop_guest> loop;
  std::optional<caf::actor_system> system;
  std::vector<worker> workers;
};

} // namespace

CAF_TEST(without a host a thread of the scheduler runs the actors) {
  house home;
  tell_from_outside(home.add(), 1);
  CAF_REQUIRE(home.book.until(1));
  CAF_CHECK_EQUAL(home.book.here(), 0U);
}

CAF_TEST(the host runs the actors and nobody else does) {
  house home;
  const auto second = home.add();
  const auto first = home.add(second);
  home.attach();
  home.turn();
  std::thread{[&first] { tell_from_outside(first, 1001); }}.join();
  CAF_CHECK_EQUAL(home.book.done(), numbers{});
  home.turn();
  CAF_CHECK_EQUAL(home.book.done(), (numbers{1001, 1}));
  CAF_CHECK_EQUAL(home.book.here(), 2U);
  home.loop->detach();
}

CAF_TEST(a burst from another thread wakes the host once) {
  house home;
  std::vector<worker> all;
  all.reserve(10);
  for (int i = 0; i < 10; ++i)
    all.push_back(home.add());
  home.attach();
  home.turn();
  std::thread{[&all] {
    for (const auto& each : all)
      tell_from_outside(each, 7);
  }}.join();
  CAF_CHECK_EQUAL(home.wakes.load(), 1);
  home.turn();
  CAF_CHECK_EQUAL(home.book.here(), 10U);
  home.loop->detach();
}

CAF_TEST(what the host itself sends asks for a turn and does not run at once) {
  house home;
  const auto one = home.add();
  home.attach();
  home.turn();
  tell_from_outside(one, 1);
  tell_from_outside(one, 2);
  CAF_CHECK_EQUAL(home.book.done(), numbers{});
  CAF_CHECK_EQUAL(home.wakes.load(), 1);
  home.turn();
  CAF_CHECK_EQUAL(home.book.done(), (numbers{1, 2}));
  home.loop->detach();
}

CAF_TEST(a turn is bounded and says that there is more) {
  house home{2};
  std::vector<worker> all;
  all.reserve(5);
  for (int i = 0; i < 5; ++i)
    all.push_back(home.add());
  home.attach();
  home.turn();
  for (int i = 0; i < 5; ++i)
    tell_from_outside(all[static_cast<std::size_t>(i)], i);
  CAF_CHECK(home.loop->run());
  CAF_CHECK_EQUAL(home.book.done(), (numbers{0, 1}));
  CAF_CHECK(home.loop->run());
  CAF_CHECK(!home.loop->run());
  CAF_CHECK_EQUAL(home.book.done(), (numbers{0, 1, 2, 3, 4}));
  home.loop->detach();
}

CAF_TEST(what waits when the host goes is done without it) {
  house home;
  const auto second = home.add();
  const auto first = home.add(second);
  home.attach();
  home.turn();
  tell_from_outside(first, 1001);                                  // the host's own queue
  std::thread{[&second] { tell_from_outside(second, 5); }}.join(); // the inbox
  home.loop->detach();
  CAF_REQUIRE(home.book.until(3));
  CAF_CHECK_EQUAL(home.book.here(), 0U);
}

CAF_TEST(what has come before the host is done by it) {
  house home;
  const auto one = home.add();
  for (int i = 0; i < 1000; ++i)
    tell_from_outside(one, i);
  home.attach(); // In the middle of it, or not.
  home.turn();
  numbers expected;
  for (int i = 0; i < 1000; ++i)
    expected.push_back(i);
  CAF_CHECK_EQUAL(home.book.done(), expected);
  home.loop->detach();
}

CAF_TEST(delayed messages wake the host) {
  house home;
  const auto one = home.add();
  home.attach();
  home.turn();
  {
    caf::scoped_actor outside{*home.system};
    tell_after(outside.ptr(), 1ms, one, 3);
  }
  const auto until = std::chrono::steady_clock::now() + patience;
  while (home.book.done().empty() && std::chrono::steady_clock::now() < until)
    home.turn();
  CAF_CHECK_EQUAL(home.book.done(), numbers{3});
  home.loop->detach();
}

CAF_TEST(hosts that come and go under load lose nothing) {
  house home{3};
  const auto second = home.add();
  const auto first = home.add(second);
  constexpr int posts = 20000;
  std::thread sender{[&first] {
    for (int i = 0; i < posts; ++i)
      tell_from_outside(first, 1000 + i % 1000);
  }};
  for (int i = 0; i < 200; ++i) {
    home.attach();
    home.turn();
    home.loop->detach();
  }
  sender.join();
  // Numbers of 1000 to 1999 come back as 0 to 999, so each post is noted twice.
  CAF_CHECK(home.book.until(std::size_t{2} * posts));
}

} // namespace actor_loop_suite
