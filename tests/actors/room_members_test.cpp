// Who is in a room, and the signals that tell of it: gathered, dropped first, never to oneself.
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_members

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct members_fixture : room_fixture {
  void ask_for_names(role<session_actor>& who, connection_t connection, ticket_t ticket) {
    say(who.actor, aut, ask_who{connection, ticket});
  }

  /// Forgets all notices so far.
  void forget() {
    (void)notices_of(alice);
    (void)notices_of(bob);
    (void)notices_of(carol);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(room_members_tests, members_fixture)

CAF_TEST(a member that has left gets nothing more) {
  open_for_two();
  say(bob.actor, aut, leave_room{2});
  wait(10s);
  forget();
  post(alice, 1, 7, "p1");
  store(1);
  say(alice.actor, aut, show_typing{1});
  CAF_CHECK(runs_of(bob).empty());
  CAF_CHECK(notices_of(bob).empty());
  ask_for_names(bob, 2, 8);
  CAF_CHECK_EQUAL(bob.count<who_answered>(), 0U);
}

CAF_TEST(a member that dies is a member no more) {
  open_for_two();
  wait(2s);
  kill(bob.actor);
  wait(10s);
  CAF_CHECK_EQUAL(notices_of(alice), (lines{"presence den +bert - 2", "presence den + -bert 1"}));
}

CAF_TEST(a session that came back on another connection is taken off when it dies) {
  open_for_two();
  say(bob.actor, aut, leave_room{2});
  enter(bob, 2, bert, 2);
  kill(bob.actor);
  wait(10s);
  ask_for_names(alice, 1, 5);
  CAF_CHECK_EQUAL(alice.only<who_answered>().members, 1U);
}

CAF_TEST(entering again does not count twice and answers again) {
  open_for_two(3);
  enter(alice, 1, ada, 9);
  const auto again = alice.take<entered>().back();
  CAF_CHECK_EQUAL(again.ticket, 9U);
  CAF_CHECK_EQUAL(again.members, 2U);
  post(bob, 2, 7, "p1");
  store(4);
  CAF_CHECK_EQUAL(runs_of(alice), lines{"4..4"});
  say(alice.actor, aut, leave_room{1});
  wait(10s);
  ask_for_names(bob, 2, 5);
  CAF_CHECK_EQUAL(bob.only<who_answered>().members, 1U);
}

CAF_TEST(entered tells the head at that moment) {
  open_for_two(3);
  post(alice, 1, 7, "p1");
  store(4);
  enter(carol, 3, cleo);
  CAF_CHECK_EQUAL(carol.only<entered>().log.head, 4U);
  CAF_CHECK(runs_of(carol).empty());
}

// -- presence
// --------------------------------------------------------------------------------------

CAF_TEST(arrivals are gathered and told to others alone) {
  open_for_two();
  wait(2s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den +bert - 2"});
  CAF_CHECK_EQUAL(notices_of(bob), lines{"presence den +ada - 2"});
}

CAF_TEST(a departure is told after the grace) {
  open_for_two();
  wait(2s);
  forget();
  say(bob.actor, aut, leave_room{2});
  wait(4s);
  CAF_CHECK(notices_of(alice).empty());
  wait(2s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den + -bert 1"});
}

CAF_TEST(a return within the grace is told to nobody) {
  open_for_two();
  wait(2s);
  forget();
  say(bob.actor, aut, leave_room{2});
  wait(3s);
  enter(bob, 2, bert, 2);
  wait(10s);
  CAF_CHECK(notices_of(alice).empty());
}

CAF_TEST(a second connection of an author is told to nobody) {
  open_for_two();
  wait(2s);
  forget();
  enter(carol, 3, ada);
  CAF_CHECK_EQUAL(carol.only<entered>().members, 2U);
  wait(2s);
  CAF_CHECK(notices_of(bob).empty());
  say(carol.actor, aut, leave_room{3});
  wait(10s);
  CAF_CHECK(notices_of(bob).empty());
}

CAF_TEST(arrivals are told at most once a second) {
  open_for_two();
  wait(2s);
  forget();
  enter(carol, 3, cleo);
  wait(250ms);
  const auto first = notices_of(bob).size();
  say(carol.actor, aut, leave_room{3});
  enter(carol, 4, {"a4", "dora"});
  wait(500ms);
  CAF_CHECK_EQUAL(first + notices_of(bob).size(), 1U);
}

CAF_TEST(a large room hears numbers alone) {
  bounds.presence_names = 2;
  open_for_two();
  enter(carol, 3, cleo);
  wait(2s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den + - 3"});
  say(carol.actor, aut, leave_room{3});
  wait(10s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den + -cleo 2"});
}

CAF_TEST(few hear numbers alone when many have left) {
  bounds.presence_names = 2;
  open_for_two();
  enter(carol, 3, cleo);
  enter(carol, 4, {"a4", "dora"});
  enter(carol, 5, {"a5", "emil"});
  wait(2s);
  forget();
  for (const connection_t each : {3U, 4U, 5U})
    say(carol.actor, aut, leave_room{each});
  wait(10s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den + - 2"});
}

CAF_TEST(a guest without a name is no author and becomes one with its name) {
  open_for_two();
  wait(2s);
  forget();
  enter(carol, 3, {"g1", ""});
  CAF_CHECK_EQUAL(carol.only<entered>().members, 2U);
  wait(2s);
  CAF_CHECK(notices_of(alice).empty());
  enter(carol, 3, {"g1", "~gil"}, 2);
  wait(2s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den +~gil - 3"});
  enter(carol, 3, {"g1", "~max"}, 3);
  wait(2s);
  CAF_CHECK(notices_of(alice).empty());
  ask_for_names(alice, 1, 5);
  CAF_CHECK(alice.only<who_answered>().names == (lines{"ada", "bert", "~max"}));
  say(carol.actor, aut, leave_room{3});
  wait(10s);
  CAF_CHECK_EQUAL(notices_of(alice), lines{"presence den + -~max 2"});
}

CAF_TEST(the lobby hears how many authors are here) {
  open_for_two();
  wait(2s);
  CAF_CHECK(lobby.only<census>() == (census{"den", 2}));
  enter(carol, 3, ada);
  wait(2s);
  CAF_CHECK_EQUAL(lobby.count<census>(), 0U);
  say(bob.actor, aut, leave_room{2});
  wait(10s);
  CAF_CHECK(lobby.only<census>() == (census{"den", 1}));
}

// -- typing and who
// --------------------------------------------------------------------------------

CAF_TEST(typing is shown to other authors at most once a second) {
  open_for_two();
  enter(carol, 3, ada);
  wait(2s);
  forget();
  say(alice.actor, aut, show_typing{1});
  say(alice.actor, aut, show_typing{1});
  say(carol.actor, aut, show_typing{3}); // the same author
  CAF_CHECK_EQUAL(notices_of(bob), lines{"typing den ada"});
  CAF_CHECK(notices_of(alice).empty());
  CAF_CHECK(notices_of(carol).empty());
  say(bob.actor, aut, show_typing{2});
  CAF_CHECK_EQUAL(notices_of(alice), lines{"typing den bert"});
  wait(1s);
  say(alice.actor, aut, show_typing{1});
  CAF_CHECK_EQUAL(notices_of(bob), lines{"typing den ada"});
}

CAF_TEST(typing of a stranger or of a guest without a name is not shown) {
  open_for_two();
  enter(carol, 3, {"g1", ""});
  wait(2s);
  forget();
  say(carol.actor, aut, show_typing{3});
  say(carol.actor, aut, show_typing{4});
  CAF_CHECK(notices_of(alice).empty());
}

CAF_TEST(who names at most so many and counts all) {
  bounds.who_names = 1;
  open_for_two();
  ask_for_names(alice, 1, 5);
  const auto answer = alice.only<who_answered>();
  CAF_CHECK_EQUAL(answer.ticket, 5U);
  CAF_CHECK(answer.names == lines{"ada"});
  CAF_CHECK_EQUAL(answer.members, 2U);
}

CAF_TEST_FIXTURE_SCOPE_END()
