// The way of a post: stored before shown, in order, every one answered.
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_posts

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(room_posts_tests, room_fixture)

CAF_TEST(a message is stored before anybody sees it) {
  open_for_two(4);
  const auto what = draft_of("p1");
  inject((post_draft), from(alice.actor).to(aut).with(post_draft{1, 7, 1, what}));
  disallow((remember), from(aut).to(cache.actor));
  disallow((deliver), from(aut).to(bob.actor));
  disallow((post_stored), from(aut).to(alice.actor));
  expect((flush), from(aut).to(aut).with(flush{}));
  expect((append), from(aut).to(persistence.actor).with(_));
  const auto asked = persistence.only<append>();
  CAF_CHECK_EQUAL(ids_of(asked), lines{"p1"});
  CAF_CHECK(asked.room == aut);
  disallow((deliver), from(aut).to(bob.actor));
  const appended stored{asked.ticket, {{5, 1000}}};
  inject((appended), from(persistence.actor).to(aut).with(stored));
  expect((remember), from(aut).to(cache.actor).with(_));
  expect((deliver), from(aut).to(bob.actor).with(_));
  expect((deliver), from(aut).to(alice.actor).with(_));
  expect((post_stored), from(aut).to(alice.actor).with(post_stored{7, {5, 1000}}));
  const auto run = bob.only<deliver>().run;
  CAF_CHECK(run->entries().front() == (entry{5, ada, "p1", "text p1", 1000}));
  CAF_CHECK(alice.only<deliver>().run == run); // encoded once for all
  CAF_CHECK(cache.only<remember>().run == run);
}

CAF_TEST(the cache hears of an entry before any member) {
  open_for_two();
  post(alice, 1, 7, "p1");
  (void)said();
  store(1);
  const auto order = said();
  CAF_REQUIRE_EQUAL(order.size(), 4U);
  CAF_CHECK_EQUAL(order.front(), "cache remember");
}

CAF_TEST(one append is under way and what arrives meanwhile is the next) {
  open_for_two();
  post(alice, 1, 7, "p1");
  post(alice, 1, 8, "p2");
  post(bob, 2, 9, "p3");
  CAF_CHECK_EQUAL(persistence.count<append>(), 1U);
  store(1);
  CAF_REQUIRE_EQUAL(persistence.count<append>(), 1U);
  const auto next = persistence.only<append>();
  CAF_CHECK_EQUAL(ids_of(next), (lines{"p2", "p3"}));
  say(persistence.actor, aut, appended{next.ticket, {{2, 1000}, {3, 1000}}});
  CAF_CHECK_EQUAL(runs_of(bob), (lines{"1..1", "2..3"}));
  CAF_CHECK_EQUAL(receipts_of(alice), (lines{"7 at 1", "8 at 2"}));
  CAF_CHECK_EQUAL(receipts_of(bob), lines{"9 at 3"});
  CAF_CHECK_EQUAL(persistence.count<append>(), 0U);
}

CAF_TEST(what came together is stored together) {
  open_for_two();
  send(alice.actor, aut, post_draft{1, 7, 1, draft_of("p1")});
  send(bob.actor, aut, post_draft{2, 8, 1, draft_of("p2")});
  send(alice.actor, aut, post_draft{1, 9, 1, draft_of("p3")});
  consume_messages();
  CAF_CHECK_EQUAL(ids_of(persistence.only<append>()), (lines{"p1", "p2", "p3"}));
}

CAF_TEST(an append holds at most a batch) {
  bounds.batch_posts = 2;
  open_for_two();
  for (const auto* id : {"p1", "p2", "p3", "p4"})
    post(alice, 1, 7, id);
  store(1);
  CAF_CHECK_EQUAL(ids_of(persistence.only<append>()), (lines{"p2", "p3"}));
}

CAF_TEST(a refused append refuses what waits behind it) {
  open_for_two();
  post(alice, 1, 7, "p1");
  post(alice, 1, 8, "p2");
  post(bob, 2, 9, "p3");
  const auto asked = persistence.only<append>();
  say(persistence.actor, aut, append_refused{asked.ticket, errc::unavailable, false});
  CAF_CHECK_EQUAL(refusals_of(alice), (lines{"7 unavailable", "8 unavailable"}));
  CAF_CHECK_EQUAL(refusals_of(bob), lines{"9 unavailable"});
  CAF_CHECK_EQUAL(persistence.count<append>(), 0U);
  CAF_CHECK(runs_of(bob).empty());
}

CAF_TEST(what of a refused round is still on the way is refused too) {
  open_for_two();
  post(alice, 1, 7, "p1", 3);
  say(persistence.actor, aut,
      append_refused{persistence.only<append>().ticket, errc::unavailable, false});
  (void)alice.take<post_refused>();
  post(alice, 1, 8, "p2", 3);
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"8 busy"});
  CAF_CHECK_EQUAL(persistence.count<append>(), 0U);
  post(bob, 2, 9, "q1", 1); // another connection is not held back
  store(1);
  CAF_CHECK_EQUAL(receipts_of(bob), lines{"9 at 1"});
  post(alice, 1, 10, "p1", 4); // the next round goes through
  CAF_CHECK_EQUAL(ids_of(persistence.only<append>()), lines{"p1"});
}

CAF_TEST(entering again does not forget the refused round) {
  open_for_two();
  post(alice, 1, 7, "p1", 3);
  say(persistence.actor, aut,
      append_refused{persistence.only<append>().ticket, errc::unavailable, false});
  (void)alice.take<post_refused>();
  enter(alice, 1, ada, 5);
  post(alice, 1, 8, "p2", 3);
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"8 busy"});
}

CAF_TEST(an undecided append that is stored late is shown without a receipt) {
  open_for_two();
  post(alice, 1, 7, "p1");
  const auto late = persistence.only<append>();
  say(persistence.actor, aut, append_refused{late.ticket, errc::unavailable, true});
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"7 unavailable"});
  post(alice, 1, 8, "p1", 2);
  const auto again = persistence.only<append>();
  say(persistence.actor, aut, appended{late.ticket, {{1, 1000}}});
  CAF_CHECK_EQUAL(runs_of(bob), lines{"1..1"});
  CAF_CHECK(receipts_of(alice).empty());
  say(persistence.actor, aut, appended{again.ticket, {{1, 1000, true}}});
  CAF_CHECK(runs_of(bob).empty());
  CAF_CHECK_EQUAL(receipts_of(alice), lines{"8 at 1 again"});
}

CAF_TEST(an append that is settled is not settled again) {
  open_for_two();
  post(alice, 1, 7, "p1");
  const auto asked = persistence.only<append>();
  say(persistence.actor, aut, appended{asked.ticket, {{1, 1000}}});
  say(persistence.actor, aut, appended{asked.ticket, {{1, 1000}}});
  say(persistence.actor, aut, append_refused{asked.ticket, errc::unavailable, false});
  CAF_CHECK_EQUAL(runs_of(bob), lines{"1..1"});
  CAF_CHECK_EQUAL(receipts_of(alice), lines{"7 at 1"});
  CAF_CHECK(refusals_of(alice).empty());
}

CAF_TEST(a repetition gets the same receipt and shows nothing) {
  open_for_two(5);
  post(alice, 1, 7, "p1");
  say(persistence.actor, aut, appended{persistence.only<append>().ticket, {{3, 900, true}}});
  CAF_CHECK(alice.only<post_stored>() == (post_stored{7, {3, 900, true}}));
  CAF_CHECK(runs_of(bob).empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  CAF_CHECK_EQUAL(status->posts_stored.load(), 1U);
  CAF_CHECK_EQUAL(status->posts_repeated.load(), 1U);
}

CAF_TEST(a conflict is told to its sender alone) {
  open_for_two(5);
  post(alice, 1, 7, "p1");
  say(persistence.actor, aut, appended{persistence.only<append>().ticket, {{3, 900, false, true}}});
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"7 id_conflict"});
  CAF_CHECK(runs_of(bob).empty());
  post(alice, 1, 8, "p2"); // not retryable: nothing stands behind it
  CAF_CHECK_EQUAL(persistence.count<append>(), 1U);
}

CAF_TEST(a draft that the store refuses is internal and the others are stored) {
  open_for_two();
  post(alice, 1, 6, "p0");
  for (const auto ticket : {7, 8, 9})
    post(alice, 1, static_cast<ticket_t>(ticket), "p" + std::to_string(ticket));
  store(1);
  const auto asked = persistence.only<append>();
  say(persistence.actor, aut,
      appended{asked.ticket, {{2, 1000}, {0, 0, false, false, true}, {3, 1000}}});
  CAF_CHECK_EQUAL(runs_of(bob), (lines{"1..1", "2..3"}));
  CAF_CHECK_EQUAL(receipts_of(alice), (lines{"6 at 1", "7 at 2", "9 at 3"}));
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"8 internal"});
}

CAF_TEST(a room accepts a bounded number of posts) {
  bounds.room_posts = 2;
  open_for_two();
  for (const auto* id : {"p1", "p2", "p3"})
    post(alice, 1, 7, id);
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"7 busy"});
  store(1);
  store(2);
  post(alice, 1, 8, "p3", 2);
  CAF_CHECK_EQUAL(ids_of(persistence.only<append>()), lines{"p3"});
}

CAF_TEST(a room accepts bounded bytes and has them free again when they are answered) {
  bounds.room_post_bytes = 10;
  open_for_two();
  ticket_t ticket = 0;
  const auto post_bytes = [&](std::size_t bytes, std::uint64_t round) {
    const auto what = draft_of("p", ada, "den", std::string(bytes, 'x'));
    say(alice.actor, aut, post_draft{1, ++ticket, round, what});
  };
  post_bytes(6, 1);
  post_bytes(5, 1);
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"2 busy"});
  store(1);
  post_bytes(6, 2);
  post_bytes(4, 2); // the first six are free again, and these four are the last
  post_bytes(1, 2);
  CAF_CHECK_EQUAL(refusals_of(alice), lines{"5 busy"});
  say(persistence.actor, aut,
      append_refused{persistence.only<append>().ticket, errc::unavailable, false});
  CAF_CHECK_EQUAL(refusals_of(alice), (lines{"3 unavailable", "4 unavailable"}));
  post_bytes(6, 3);
  post_bytes(4, 3);
  CAF_CHECK(refusals_of(alice).empty());
}

CAF_TEST(an empty room takes a post of any size) {
  bounds.room_post_bytes = 1;
  open_for_two();
  post(alice, 1, 7, "p1");
  CAF_CHECK_EQUAL(persistence.count<append>(), 1U);
}

CAF_TEST(a post of somebody who is not in the room is not stored) {
  open_for_two();
  post(carol, 3, 7, "p1");
  CAF_CHECK_EQUAL(persistence.count<append>(), 0U);
}

CAF_TEST(who left still gets the receipt but no message) {
  open_for_two();
  post(alice, 1, 7, "p1");
  say(alice.actor, aut, leave_room{1});
  store(1);
  CAF_CHECK_EQUAL(receipts_of(alice), lines{"7 at 1"});
  CAF_CHECK(runs_of(alice).empty());
  CAF_CHECK_EQUAL(runs_of(bob), lines{"1..1"});
}

CAF_TEST_FIXTURE_SCOPE_END()
