// One room per name, started for the first who enters; what crashes is started again.
#include "tests/actors/lobby_fixture.hpp"

namespace lobby_rooms_suite {

#define CAF_SUITE lobby_rooms

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(lobby_rooms_tests, lobby_fixture)

CAF_TEST(only so many rooms are in memory and one more is refused as busy) {
  bounds.open_rooms = 2;
  begin();
  enter(alice, 1, "den");
  enter(alice, 1, "attic");
  enter(alice, 1, "cellar");
  const auto refusal = alice.only<enter_refused>();
  CAF_CHECK_EQUAL(refusal.name, "cellar");
  CAF_CHECK(refusal.why == errc::busy);
  enter(bob, 2, "den"); // an open one may be entered
  CAF_CHECK_EQUAL(bob.count<enter_refused>(), 0U);
}

CAF_TEST(all who enter by one name are in one room) {
  begin();
  enter(alice, 1);
  enter(bob, 2);
  CAF_CHECK_EQUAL(persistence().count<open_room>(), 1U);
  open_rooms();
  CAF_CHECK(alice.only<entered>().room == bob.only<entered>().room);
  CAF_CHECK_EQUAL(status->rooms.load(), 1U);
}

CAF_TEST(rooms of different names are different) {
  begin();
  enter(alice, 1, "den");
  enter(bob, 2, "Den");
  open_rooms();
  CAF_CHECK(alice.only<entered>().room != bob.only<entered>().room);
}

CAF_TEST(an idle room retires and the next who enters starts another) {
  begin();
  enter(alice, 1);
  open_rooms();
  const auto old = alice.only<entered>().room;
  say(alice.actor, old, leave_room{1});
  wait(62s);
  CAF_CHECK_EQUAL(status->rooms.load(), 0U);
  CAF_CHECK_EQUAL(status->room_restarts.load(), 0U);
  enter(alice, 1);
  open_rooms();
  CAF_CHECK(alice.only<entered>().room != old);
}

CAF_TEST(a room that asks while somebody is on the way does not end) {
  begin();
  enter(alice, 1);
  open_rooms();
  const auto room = alice.only<entered>().room;
  say(alice.actor, room, leave_room{1});
  send(bob.actor, aut, enter_room{bob.actor, 2, 1, "den", {"a2", "bert"}});
  send(room, aut, may_retire{"den", 1}); // the room has not heard of bob yet
  consume_messages();
  CAF_CHECK_EQUAL(status->rooms.load(), 1U);
  CAF_CHECK(bob.only<entered>().room == room);
}

CAF_TEST(only the room itself may ask to retire or tell its members) {
  begin();
  enter(alice, 1);
  open_rooms();
  say(bob.actor, aut, may_retire{"den", 1}); // its dead predecessor, say
  say(bob.actor, aut, census{"den", 99});
  CAF_CHECK_EQUAL(status->rooms.load(), 1U);
  wait(2s);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "", 10});
  CAF_CHECK((*cache().only<list_rooms>().members == census_map{{"den", 1}}));
}

CAF_TEST(a list of rooms carries their members) {
  begin();
  enter(alice, 1);
  open_rooms();
  wait(2s);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "d", 10});
  const auto asked = cache().only<list_rooms>();
  CAF_CHECK_EQUAL(asked.ticket, 4U);
  CAF_CHECK_EQUAL(asked.prefix, "d");
  CAF_CHECK_EQUAL(asked.limit, 10U);
  CAF_CHECK((*asked.members == census_map{{"den", 1}}));
}

CAF_TEST(a list that is under way is not changed by who comes and goes) {
  begin();
  enter(alice, 1);
  open_rooms();
  wait(2s);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "", 10});
  const auto asked = cache().only<list_rooms>();
  enter(bob, 2, "attic");
  open_rooms();
  wait(2s);
  CAF_CHECK((*asked.members == census_map{{"den", 1}}));
}

CAF_TEST(a retired room is in no list as one with members) {
  begin();
  enter(alice, 1);
  open_rooms();
  wait(2s);
  say(alice.actor, alice.only<entered>().room, leave_room{1});
  wait(70s);
  CAF_REQUIRE_EQUAL(status->rooms.load(), 0U);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "", 10});
  CAF_CHECK(cache().only<list_rooms>().members->empty());
}

// -- crashes
// ---------------------------------------------------------------------------------------

CAF_TEST(a room that crashes is started again by the next who enters) {
  begin();
  enter(alice, 1);
  open_rooms();
  const auto old = alice.only<entered>().room;
  wait(2s);
  kill(old);
  CAF_CHECK_EQUAL(status->room_restarts.load(), 1U);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "", 10});
  CAF_CHECK(cache().only<list_rooms>().members->empty());
  enter(alice, 1);
  open_rooms();
  CAF_CHECK(alice.only<entered>().room != old);
}

CAF_TEST(when persistence crashes cache and rooms start anew with it) {
  begin();
  enter(alice, 1);
  open_rooms();
  const auto old = alice.only<entered>();
  wait(2s);
  const auto old_cache = ways.front()->cache.actor;
  kill(ways.front()->persistence.actor);
  CAF_REQUIRE_EQUAL(ways.size(), 2U);
  CAF_CHECK_EQUAL(status->rooms.load(), 0U);
  CAF_CHECK(!status->store_ready.load());
  enter(alice, 1);
  open_rooms();
  const auto now = alice.only<entered>();
  CAF_CHECK(now.room != old.room);
  CAF_CHECK(now.cache == ways.back()->cache.actor);
}

CAF_TEST(when the cache crashes the whole way is built again) {
  begin();
  enter(alice, 1);
  open_rooms();
  wait(2s);
  kill(ways.front()->cache.actor);
  CAF_CHECK_EQUAL(ways.size(), 2U);
  CAF_CHECK_EQUAL(status->rooms.load(), 0U);
}

CAF_TEST(a way that crashes at once is built again a little later) {
  begin();
  kill(ways.front()->persistence.actor);
  CAF_CHECK_EQUAL(ways.size(), 1U);
  enter(alice, 1);
  CAF_CHECK(alice.only<enter_refused>().why == errc::unavailable);
  by_name(alice, "ada");
  CAF_CHECK(alice.only<sign_in_refused>().why == errc::unavailable);
  say(alice.actor, aut, list_rooms{alice.actor, 4, "", 10});
  CAF_CHECK(alice.only<rooms_listed>().failed);
  wait(1s);
  CAF_CHECK_EQUAL(ways.size(), 2U);
  enter(alice, 1);
  open_rooms();
  CAF_CHECK_EQUAL(alice.count<entered>(), 1U);
  by_name(bob, "ada");
  decide(true);
  CAF_CHECK_EQUAL(bob.count<signed_in>(), 1U);
}

CAF_TEST(the lobby takes rooms and store with it when it ends) {
  begin();
  enter(alice, 1);
  open_rooms();
  kill(aut);
  CAF_CHECK_EQUAL(status->rooms.load(), 0U);
  const auto gone = [](const auto& who) {
    return caf::actor_cast<caf::abstract_actor*>(who)->getf(
      caf::abstract_actor::is_terminated_flag);
  };
  CAF_CHECK(gone(ways.front()->persistence.actor));
  CAF_CHECK(gone(ways.front()->cache.actor));
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace lobby_rooms_suite
