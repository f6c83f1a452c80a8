// Depths of mailboxes: the deepest of each kind, of real actors, and nothing while nobody looks.
#define CAF_SUITE mailbox_depth

#include "runtime/mailbox_depth.hpp"

#include "runtime/caf.hpp"

#include <caf/test/unit_test.hpp>

#include <chrono>
#include <future>
#include <thread>

using namespace callboard;

namespace mailbox_depth_suite {

namespace {

using worker = takes<int>;

/// Does one piece of work when it is let.
struct slow_worker {
  using interface = worker;
  static inline constexpr const char* name = "test.slow";

  slow_worker(worker::pointer self, std::shared_future<void> gate)
    : self{self}, gate{std::move(gate)} {}

  worker::behavior_type make_behavior() {
    return {[this](int) { gate.wait(); }};
  }

  worker::pointer self;
  std::shared_future<void> gate;
};

std::size_t deepest(std::string_view kind) {
  for (const auto& [name, depth] : mailboxes().take())
    if (name == kind)
      return depth;
  return 0;
}

/// The depth that is noted of a worker that gets so many messages while it is busy with one.
std::size_t noted_with(std::size_t messages, bool watched) {
  mailboxes().watch(watched);
  (void)mailboxes().take();
  std::promise<void> gate;
  {
    caf::actor_system_config config;
    set_scheduler(config, 2); // With the server's short turns.
    caf::actor_system system{config};
    const auto slow = start<slow_worker>(system, gate.get_future().share());
    for (std::size_t i = 0; i < messages; ++i)
      tell_from_outside(slow, 1);
    gate.set_value();
    stop(slow);
  } // Waits for the worker, which has read all.
  mailboxes().watch(false);
  return deepest("test.slow");
}

} // namespace

CAF_TEST(the deepest of each kind is kept until it is taken) {
  static const char* const one = "one";
  static const char* const two = "two";
  mailbox_depths depths;
  depths.note(one, 3);
  depths.note(two, 1);
  depths.note(one, 2);
  auto found = depths.take();
  CAF_REQUIRE_EQUAL(found.size(), 2U);
  CAF_CHECK(found[0] == (std::pair<std::string_view, std::size_t>{"one", 3}));
  CAF_CHECK(found[1] == (std::pair<std::string_view, std::size_t>{"two", 1}));
  found = depths.take();
  CAF_CHECK_EQUAL(found[0].second, 0U);
}

CAF_TEST(more kinds than there is room for are left out and nothing breaks) {
  mailbox_depths depths;
  static const std::array<char, mailbox_depths::kinds + 5> places{};
  for (const auto& place : places)
    depths.note(&place, 1);
  CAF_CHECK_EQUAL(depths.take().size(), mailbox_depths::kinds);
}

CAF_TEST(a slow actor is found by its mailbox and only while somebody looks) {
  const auto found = noted_with(500, true);
  CAF_MESSAGE("found " << found);
  CAF_CHECK(found >= 400); // Its first turn takes at most 50 of them.
  CAF_CHECK(found <= 501);
  CAF_CHECK_EQUAL(noted_with(500, false), 0U);
}

} // namespace mailbox_depth_suite
