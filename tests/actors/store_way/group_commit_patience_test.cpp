// What the store's queue promises about time: who waits how long, and what is said of the store.
#define CAF_SUITE group_commit_patience

#include "tests/actors/store_way/queue_bench.hpp"

#include <caf/test/unit_test.hpp>

using namespace callboard;
using namespace callboard::samples;
using namespace std::chrono_literals;

namespace group_commit_patience_suite {

namespace {

using bench = queue_bench;

} // namespace

// -- patience -------------------------------------------------------------------------------------

CAF_TEST(who waits in the queue too long is refused for certain and never stored) {
  bench b;
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.now += 1s;
  const auto waiting = b.append({"2"});
  const auto open = b.queue.open("den", b.now).value();
  b.now += 1s;
  b.append({"3"});
  b.now += 4s - 1ms;
  CAF_CHECK_EQUAL(b.queue.lose_patience(b.now).size(), 1U); // the one under way
  b.now += 1ms;
  const auto answers = b.queue.lose_patience(b.now);
  CAF_REQUIRE_EQUAL(answers.size(), 2U);
  const auto& refused = std::get<work_refused>(answers[0]);
  CAF_CHECK_EQUAL(refused.of, waiting);
  CAF_CHECK(refused.why == errc::unavailable);
  CAF_CHECK(!refused.undecided);
  CAF_CHECK_EQUAL(std::get<work_refused>(answers[1]).of, open);
  b.store(1);
  CAF_CHECK_EQUAL(b.next(), "3");
}

CAF_TEST(who is under way too long is undecided once and answered when it is known) {
  bench b;
  const auto id = b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.now += 5s;
  const auto answers = b.queue.lose_patience(b.now);
  CAF_REQUIRE_EQUAL(answers.size(), 1U);
  CAF_CHECK(std::get<work_refused>(answers[0]).undecided);
  CAF_CHECK(std::get<work_refused>(answers[0]).why == errc::unavailable);
  for (int i = 0; i < 5; ++i) {
    b.fail();
    b.now += 6s;
    CAF_CHECK(b.queue.lose_patience(b.now).empty());
    CAF_CHECK_EQUAL(b.next(), "1");
  }
  const auto late = b.store(1);
  CAF_REQUIRE_EQUAL(late.size(), 1U);
  CAF_CHECK_EQUAL(stored(late[0]), id);
}

CAF_TEST(an append that is stored in part is undecided too) {
  limits bounds;
  bounds.batch_posts = 1;
  bench b{bounds};
  b.append({"1", "2"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.store(1);
  b.now += 5s;
  const auto answers = b.queue.lose_patience(b.now);
  CAF_REQUIRE_EQUAL(answers.size(), 1U);
  CAF_CHECK(std::get<work_refused>(answers[0]).undecided);
  CAF_CHECK_EQUAL(b.next(), "2");
  CAF_CHECK_EQUAL(b.store(1).size(), 1U);
}

CAF_TEST(a late open is dropped and not repeated for nobody) {
  bench b;
  (void)b.queue.open("den", b.now);
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "open den");
  b.now += 5s;
  const auto answers = b.queue.lose_patience(b.now);
  CAF_REQUIRE_EQUAL(answers.size(), 2U);
  CAF_CHECK(!std::get<work_refused>(answers[0]).undecided);
  CAF_CHECK(b.finish(room_head{"e", 1, 0}).empty());
  (void)b.queue.open("loft", b.now);
  CAF_CHECK_EQUAL(b.next(), "open loft");
  b.now += 5s;
  CAF_CHECK_EQUAL(b.queue.lose_patience(b.now).size(), 1U);
  b.fail();
  b.now += 5s;
  CAF_CHECK_EQUAL(b.next(), "ping");
}

// -- the state of the store -----------------------------------------------------------------------

CAF_TEST(a call that is stuck is interrupted once per patience) {
  bench b;
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  CAF_CHECK(b.queue.ready());
  b.now += 5s - 1ms;
  CAF_CHECK(!b.queue.stuck(b.now));
  b.now += 1ms;
  CAF_CHECK(b.queue.stuck(b.now));
  CAF_CHECK(!b.queue.ready());
  CAF_CHECK(!b.queue.stuck(b.now));
  b.now += 5s;
  CAF_CHECK(b.queue.stuck(b.now));
  b.fail();
  b.now += 5s;
  CAF_CHECK(!b.queue.stuck(b.now)); // the writer has nothing
  CAF_CHECK_EQUAL(b.next(), "1");
  CAF_CHECK(!b.queue.stuck(b.now));
}

CAF_TEST(the store is ready after a success and not after a failure) {
  group_commit queue{{}, [](std::uint32_t) { return 0U; }};
  group_commit::time_point now{1h};
  CAF_CHECK(!queue.ready());
  CAF_REQUIRE(queue.next(now));
  (void)queue.finish(done{}, now);
  CAF_CHECK(queue.ready());
  now += 2s;
  CAF_REQUIRE(queue.next(now));
  (void)queue.finish(store_failure{store_fault::again, "gone"}, now);
  CAF_CHECK(!queue.ready());
  now += 2s;
  CAF_REQUIRE(queue.next(now));
  (void)queue.finish(done{}, now);
  CAF_CHECK(queue.ready());
}

CAF_TEST(an idle store is pinged every two seconds and a busy one never) {
  bench b;
  CAF_CHECK_EQUAL(b.next(), "");
  CAF_CHECK(b.queue.wake_in(b.now) == 2s);
  b.now += 2s - 1ms;
  CAF_CHECK_EQUAL(b.next(), "");
  b.append({"1"});
  CAF_CHECK_EQUAL(b.next(), "1");
  b.store(1);
  b.now += 2s - 1ms;
  CAF_CHECK_EQUAL(b.next(), "");
  b.now += 1ms;
  CAF_CHECK_EQUAL(b.next(), "ping");
}

CAF_TEST(a failed idle store is pinged with back-off and for ever) {
  bench b;
  b.now += 2s;
  for (int i = 0; i < 20; ++i) {
    CAF_CHECK_EQUAL(b.next(), "ping");
    if (i % 2 == 0)
      b.fail();
    else
      b.refuse();
    CAF_CHECK(!b.queue.ready());
    CAF_CHECK_EQUAL(b.next(), "");
    b.now += group_commit::back_off_most;
  }
}

} // namespace group_commit_patience_suite
