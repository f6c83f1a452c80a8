// A room never shows an entry whose number is not head + 1: it reads what lies between first.
#include "tests/actors/room_fixture.hpp"

#define CAF_SUITE room_gaps

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct gap_fixture : room_fixture {
  /// One post is stored at `seq`.
  void store_at(seq_t seq, ticket_t ticket = 7, bool duplicate = false) {
    post(alice, 1, ticket, "p" + std::to_string(ticket));
    say(persistence.actor, aut,
        appended{persistence.only<append>().ticket, {{seq, 1000, duplicate}}});
  }

  read_page asked() { return cache.only<read_page>(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(room_gaps_tests, gap_fixture)

CAF_TEST(a gap is read before anything is shown) {
  open_for_two(4);
  store_at(7);
  CAF_CHECK(runs_of(bob).empty());
  CAF_CHECK_EQUAL(cache.count<remember>(), 0U);
  CAF_CHECK_EQUAL(receipts_of(alice), lines{"7 at 7"});
  const auto question = asked();
  CAF_CHECK(question.query == (read_query{"den", read_query::direction::after, 4, bounds.page}));
  say(cache.actor, aut, page_of(question.ticket, 5, 7));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..7"});
  CAF_CHECK_EQUAL(cache.count<remember>(), 1U);
}

CAF_TEST(a repetition above the head is read from the store) {
  open_for_two(4);
  store_at(5, 7, true); // its first answer was lost with an earlier room
  CAF_CHECK_EQUAL(receipts_of(alice), lines{"7 at 5 again"});
  say(cache.actor, aut, page_of(asked().ticket, 5, 5));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..5"});
}

CAF_TEST(what is stored while a gap is read waits for the read) {
  open_for_two(4);
  store_at(7);
  const auto question = asked();
  store_at(8, 8);
  CAF_CHECK(runs_of(bob).empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  say(cache.actor, aut, page_of(question.ticket, 5, 7));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..7"});
  const auto next = asked();
  CAF_CHECK_EQUAL(next.query.position, 7U);
  say(cache.actor, aut, page_of(next.ticket, 8, 8));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"8..8"});
  store_at(9, 9);
  CAF_CHECK_EQUAL(runs_of(bob), lines{"9..9"});
}

CAF_TEST(a gap wider than a page is read in pages) {
  open_for_two(4);
  store_at(9);
  say(cache.actor, aut, page_of(asked().ticket, 5, 6));
  say(cache.actor, aut, page_of(asked().ticket, 7, 9));
  CAF_CHECK_EQUAL(runs_of(bob), (lines{"5..6", "7..9"}));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(a page that does not follow the head is not shown) {
  open_for_two(4);
  store_at(9);
  say(cache.actor, aut, page_of(asked().ticket, 8, 9));
  CAF_CHECK(runs_of(bob).empty());
}

CAF_TEST(a page that holds more than asked is shown whole) {
  open_for_two(4);
  store_at(6);
  say(cache.actor, aut, page_of(asked().ticket, 3, 8));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"3..8"}); // readers take what is behind their cursor
  CAF_CHECK_EQUAL(status->entries_published.load(), 4U);
  store_at(9, 8);
  CAF_CHECK_EQUAL(runs_of(bob), lines{"9..9"});
}

CAF_TEST(a read that fails is repeated) {
  open_for_two(4);
  wait(5s); // nothing else makes the room tick
  store_at(6);
  say(cache.actor, aut, page_refused{asked().ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U); // not at once
  wait(bounds.tick);
  say(cache.actor, aut, page_of(asked().ticket, 5, 6));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..6"});
}

CAF_TEST(a read that finds nothing yet is repeated) {
  open_for_two(4);
  wait(5s); // nothing else makes the room tick
  store_at(6);
  say(cache.actor, aut, empty_page(asked().ticket));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  wait(bounds.tick);
  say(cache.actor, aut, page_of(asked().ticket, 5, 6));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..6"});
}

CAF_TEST(an answer to an earlier read is ignored) {
  open_for_two(4);
  store_at(6);
  const auto old = asked().ticket;
  say(cache.actor, aut, page_refused{old, "den", errc::unavailable});
  wait(bounds.tick);
  (void)asked();
  say(cache.actor, aut, page_of(old, 5, 6));
  CAF_CHECK(runs_of(bob).empty());
}

CAF_TEST(an undecided append that is stored late behind a gap is read) {
  open_for_two(4);
  post(alice, 1, 7, "p1");
  const auto late = persistence.only<append>();
  say(persistence.actor, aut, append_refused{late.ticket, errc::unavailable, true});
  say(persistence.actor, aut, appended{late.ticket, {{6, 1000}}});
  CAF_CHECK(runs_of(bob).empty());
  say(cache.actor, aut, page_of(asked().ticket, 5, 6));
  CAF_CHECK_EQUAL(runs_of(bob), lines{"5..6"});
}

CAF_TEST_FIXTURE_SCOPE_END()
