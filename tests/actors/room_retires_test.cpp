// A room ends when it is empty and idle, and the lobby says that nobody is on the way.
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_retires

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(room_retires_tests, room_fixture)

CAF_TEST(an empty room asks to retire after a while and ends when it is told to) {
  open_for_two(1);
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(59s);
  CAF_CHECK_EQUAL(lobby.count<may_retire>(), 0U);
  wait(2s);
  CAF_CHECK(lobby.take<may_retire>().front() == (may_retire{"den", 2}));
  CAF_CHECK_EQUAL(status->rooms.load(), 1U);
  say(lobby.actor, aut, retire{});
  CAF_CHECK_EQUAL(status->rooms.load(), 0U);
}

CAF_TEST(a room in which nothing was ever said retires at once) {
  open_for_two();
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(4s);
  CAF_CHECK(lobby.count<may_retire>() > 0);
}

CAF_TEST(a room with a member does not retire and does not tick) {
  open_for_two();
  wait(5s);
  CAF_CHECK(!sched.has_pending_timeout());
  wait(120s);
  CAF_CHECK_EQUAL(lobby.count<may_retire>(), 0U);
}

CAF_TEST(who enters while the room asks keeps it) {
  open_for_two();
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(61s);
  const auto asked = lobby.take<may_retire>().size();
  CAF_CHECK(asked > 0);
  enter(carol, 3, cleo); // the lobby compares: 3 have entered, the room has asked with 2
  (void)lobby.take<may_retire>();
  wait(120s);
  CAF_CHECK_EQUAL(lobby.count<may_retire>(), 0U);
  CAF_CHECK_EQUAL(carol.count<entered>(), 1U);
}

CAF_TEST(a room that still stores does not retire) {
  open_for_two();
  post(alice, 1, 7, "p1");
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(120s);
  CAF_CHECK_EQUAL(lobby.count<may_retire>(), 0U);
  store(1);
  wait(61s);
  CAF_CHECK(lobby.count<may_retire>() > 0);
}

CAF_TEST(a room whose last post is refused retires) {
  open_for_two();
  post(alice, 1, 7, "p1");
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(10s);
  say(persistence.actor, aut,
      append_refused{persistence.only<append>().ticket, errc::unavailable, false});
  wait(61s);
  CAF_CHECK(lobby.count<may_retire>() > 0);
}

CAF_TEST(a room that waits for an undecided append does not retire) {
  open_for_two();
  post(alice, 1, 7, "p1");
  const auto late = persistence.only<append>();
  say(persistence.actor, aut, append_refused{late.ticket, errc::unavailable, true});
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  wait(120s);
  CAF_CHECK_EQUAL(lobby.count<may_retire>(), 0U);
  say(persistence.actor, aut, appended{late.ticket, {{1, 1000}}});
  wait(61s);
  CAF_CHECK(lobby.count<may_retire>() > 0);
}

CAF_TEST(a room tells that it is empty before it asks to retire) {
  bounds.room_idle = 0s;
  bounds.presence_grace = 0s;
  open_for_two();
  wait(2s);
  (void)lobby.take<census>();
  say(alice.actor, aut, leave_room{1});
  say(bob.actor, aut, leave_room{2});
  (void)said();
  wait(3s);
  const auto order = said();
  CAF_REQUIRE(order.size() >= 2);
  CAF_CHECK_EQUAL(order.front(), "lobby census");
  CAF_CHECK_EQUAL(lobby.only<census>().members, 0U);
}

CAF_TEST(a room that never opened retires as well) {
  begin();
  say(persistence.actor, aut, open_refused{persistence.only<open_room>().ticket});
  wait(61s);
  CAF_CHECK(lobby.count<may_retire>() > 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
