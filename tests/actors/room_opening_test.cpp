// Nobody is let into a room before persistence has read its row.
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_opening

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(room_opening_tests, room_fixture)

CAF_TEST(a room opens through persistence before anybody is let in) {
  begin();
  enter(alice, 1, ada, 7);
  CAF_CHECK_EQUAL(alice.count<entered>(), 0U);
  const auto asked = persistence.only<open_room>();
  CAF_CHECK_EQUAL(asked.name, "den");
  say(persistence.actor, aut, room_opened{asked.ticket, {"e1", 1, 12}});
  const auto answer = alice.only<entered>();
  CAF_CHECK_EQUAL(answer.ticket, 7U);
  CAF_CHECK_EQUAL(answer.name, "den");
  CAF_CHECK_EQUAL(answer.members, 1U);
  CAF_CHECK(answer.log == (room_head{"e1", 1, 12}));
  CAF_CHECK(answer.room == aut);
  CAF_CHECK(answer.cache == cache.actor);
}

CAF_TEST(who asks twice while the room opens is let in once with the last ticket) {
  begin();
  enter(alice, 1, ada, 7);
  enter(alice, 1, ada, 8);
  say(persistence.actor, aut, room_opened{persistence.only<open_room>().ticket, {"e1", 1, 0}});
  CAF_CHECK_EQUAL(alice.only<entered>().ticket, 8U);
}

CAF_TEST(who leaves at the door is not let in) {
  begin();
  enter(alice, 1, ada);
  enter(bob, 2, bert);
  say(alice.actor, aut, leave_room{1});
  say(persistence.actor, aut, room_opened{persistence.only<open_room>().ticket, {"e1", 1, 0}});
  CAF_CHECK_EQUAL(alice.count<entered>(), 0U);
  CAF_CHECK_EQUAL(bob.count<entered>(), 1U);
}

CAF_TEST(a room that cannot open refuses its guests and opens for the next) {
  begin();
  enter(alice, 1, ada, 7);
  say(persistence.actor, aut, open_refused{persistence.only<open_room>().ticket});
  const auto refusal = alice.only<enter_refused>();
  CAF_CHECK_EQUAL(refusal.ticket, 7U);
  CAF_CHECK_EQUAL(refusal.name, "den");
  CAF_CHECK(refusal.why == errc::unavailable);
  CAF_CHECK_EQUAL(persistence.count<open_room>(), 0U);
  enter(alice, 1, ada, 8);
  say(persistence.actor, aut, room_opened{persistence.only<open_room>().ticket, {"e1", 1, 0}});
  CAF_CHECK_EQUAL(alice.only<entered>().ticket, 8U);
}

CAF_TEST(an answer to an earlier question does not open the room) {
  begin();
  enter(alice, 1, ada);
  const auto first = persistence.only<open_room>().ticket;
  say(persistence.actor, aut, open_refused{first});
  enter(alice, 1, ada);
  say(persistence.actor, aut, room_opened{first, {"e1", 1, 3}});
  CAF_CHECK_EQUAL(alice.count<entered>(), 0U);
}

CAF_TEST(an open room is not opened again) {
  open(4);
  enter(alice, 1, ada);
  (void)alice.take<entered>();
  say(persistence.actor, aut, open_refused{1});
  say(persistence.actor, aut, room_opened{1, {"e2", 1, 9}});
  enter(bob, 2, bert);
  CAF_CHECK(bob.only<entered>().log == (room_head{"e1", 1, 4}));
}

CAF_TEST_FIXTURE_SCOPE_END()
