// A large room shows together what comes together; whoever talks alone never waits.
#include "actors/talkers.hpp"
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_gather

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct gather_fixture : room_fixture {
  // Two members are a large room here: showing them one post takes 2 ms.
  gather_fixture() { bounds.gather_per_member = 1ms; }

  /// Alice and bob have just spoken, together.
  void begin_busy() {
    open_for_two();
    post(alice, 1, 1, "p1");
    post(alice, 1, 2, "p2");
    post(bob, 2, 3, "p3");
    store(1);
    store(2);
  }

  lines appended_ids() {
    return persistence.count<append>() == 0 ? lines{} : ids_of(persistence.only<append>());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(room_gather_tests, gather_fixture)

CAF_TEST(who talks alone never waits) {
  open_for_two();
  for (ticket_t n = 1; n <= 3; ++n) {
    post(alice, 1, n, "p" + std::to_string(n));
    store(n); // there is an append already
  }
  CAF_CHECK_EQUAL(runs_of(bob), (lines{"1..1", "2..2", "3..3"}));
}

CAF_TEST(a post of each who talks is waited for) {
  begin_busy();
  post(alice, 1, 4, "p4");
  CAF_CHECK_EQUAL(appended_ids(), lines{});
  post(bob, 2, 5, "p5");
  CAF_CHECK_EQUAL(appended_ids(), (lines{"p4", "p5"}));
}

CAF_TEST(the wait ends although nobody else comes) {
  begin_busy();
  post(alice, 1, 4, "p4");
  CAF_CHECK_EQUAL(appended_ids(), lines{});
  wait(2ms);
  CAF_CHECK_EQUAL(appended_ids(), lines{"p4"});
}

CAF_TEST(the wait is bounded however large the room is) {
  bounds.gather_per_member = 1s;
  bounds.gather_most = 5ms;
  begin_busy();
  post(alice, 1, 4, "p4");
  wait(5ms);
  CAF_CHECK_EQUAL(appended_ids(), lines{"p4"});
}

CAF_TEST(what waits while the store is busy waits for the others too) {
  begin_busy();
  post(alice, 1, 4, "p4");
  post(bob, 2, 5, "p5");
  post(bob, 2, 6, "p6");
  store(4);
  CAF_CHECK_EQUAL(appended_ids(), lines{});
  post(alice, 1, 7, "p7");
  CAF_CHECK_EQUAL(appended_ids(), (lines{"p6", "p7"}));
}

CAF_TEST(an alarm of an earlier wait does not end the next one) {
  begin_busy();
  post(alice, 1, 4, "p4");
  wait(1ms);
  post(bob, 2, 5, "p5"); // it goes at once; its alarm comes in the middle of the next wait
  store(4);
  post(bob, 2, 6, "p6");
  wait(1ms);
  CAF_CHECK_EQUAL(appended_ids(), lines{});
  wait(1ms);
  CAF_CHECK_EQUAL(appended_ids(), lines{"p6"});
}

CAF_TEST(who has been silent is not waited for) {
  begin_busy();
  wait(17ms); // eight fan-outs
  post(alice, 1, 4, "p4");
  CAF_CHECK_EQUAL(appended_ids(), lines{"p4"});
}

CAF_TEST(a small room never waits) {
  bounds.gather_per_member = 3us;
  begin_busy();
  post(alice, 1, 4, "p4");
  CAF_CHECK_EQUAL(appended_ids(), lines{"p4"});
}

CAF_TEST(two groups that take turns are one) {
  talkers who;
  const talkers::time_point start{};
  CAF_CHECK_EQUAL(who.lately(start + 1h, 1s), 1U);
  who.spoke({1, 2, 3, 2}, start + 1h);
  CAF_CHECK_EQUAL(who.lately(start + 1h, 1s), 3U);
  who.spoke({4, 3}, start + 1h + 1s);
  CAF_CHECK_EQUAL(who.lately(start + 1h + 1s, 1s), 4U);
  CAF_CHECK_EQUAL(who.lately(start + 1h + 2s, 1s), 2U);
  CAF_CHECK_EQUAL(who.lately(start + 1h + 3s, 1s), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
