// How a reader gets into a room: fresh, resumed, in pages, or told to begin anew.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_join

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(session_join_tests, session_fixture)

CAF_TEST(a fresh join shows the latest entries) {
  begin_as_ada();
  join(R"("ref":"j","last":3)");
  const auto asked = lobby.only<enter_room>();
  CAF_CHECK(asked.who == ada);
  CAF_CHECK_EQUAL(asked.connection, number);
  say(den.actor, aut, entered{asked.ticket, "den", den.actor, cache.actor, {"e1", 1, 12}, 2});
  CAF_CHECK(wire->told().empty());
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == before(13, 3));
  say(cache.actor, aut, page_of(question.ticket, 10, 12));
  CAF_CHECK_EQUAL(wire->told(), lines{"j: joined den fresh 10..12 of 12 more"});
  deliver_run(13, 14);
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 13", "message den 14"}));
}

CAF_TEST(entries of joined and of message are the same bytes) {
  begin_as_ada();
  join(R"("last":1)");
  say(den.actor, aut, into(den, 1));
  page(1, 1);
  const auto joined = wire->raw().front();
  CAF_CHECK(joined.find(run_of(1, 1)->json(1)) != std::string::npos);
  deliver_run(2, 2);
  CAF_CHECK(wire->raw() == lines{std::string{run_of(2, 2)->json(2)}});
}

CAF_TEST(a fresh join of a short log has all of it) {
  begin_as_ada();
  join(R"("last":50)");
  say(den.actor, aut, into(den, 3));
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == before(4, 3));
  say(cache.actor, aut, page_of(question.ticket, 1, 3));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den fresh 1..3 of 3"});
}

CAF_TEST(an empty room is joined without a read) {
  begin_as_ada();
  join(R"("last":50)");
  say(den.actor, aut, into(den, 0));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den fresh - of 0"});
  deliver_run(1, 1);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 1"});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(a join without entries says that there are some) {
  begin_as_ada();
  join(R"("last":0)");
  say(den.actor, aut, into(den, 5));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den fresh - of 5 more"});
}

CAF_TEST(a join asks for at most a page) {
  bounds.page = 2;
  begin_as_ada();
  join(R"("last":50)");
  say(den.actor, aut, into(den, 9));
  CAF_CHECK(cache.only<read_page>().query == before(10, 2));
}

CAF_TEST(a resumed join has everything behind the position) {
  begin_as_ada();
  join(R"("after":7,"epoch":"e1")");
  say(den.actor, aut, into(den, 9));
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == after(7, 2));
  say(cache.actor, aut, page_of(question.ticket, 8, 9));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den resumed 8..9 of 9"});
  deliver_run(10, 10);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 10"});
}

CAF_TEST(who has missed nothing is resumed without a read) {
  begin_as_ada();
  join(R"("after":9,"epoch":"e1")");
  say(den.actor, aut, into(den, 9));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den resumed - of 9"});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(a long absence is resumed in pages and live only then) {
  bounds.page = 2;
  begin_as_ada();
  join(R"("after":0,"epoch":"e1")");
  say(den.actor, aut, into(den, 5));
  page(1, 2);
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den paged 1..2 of 5 more"});
  deliver_run(6, 6); // stored meanwhile: in the pages, never as a message
  CAF_CHECK(wire->told().empty());
  page(3, 4);
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 3..4 more resume"});
  deliver_run(7, 7);
  page(5, 6);
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 5..6 more resume"});
  const auto last = cache.only<read_page>();
  CAF_CHECK(last.query == after(6, 1));
  say(cache.actor, aut, page_of(last.ticket, 7, 7));
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 7..7 resume"});
  deliver_run(8, 8);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 8"});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(a position of another log begins anew) {
  begin_as_ada();
  join(R"("after":3,"epoch":"old")");
  say(den.actor, aut, into(den, 9));
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == before(10, 9)); // as if joined with the default of `last`
  say(cache.actor, aut, page_of(question.ticket, 1, 9));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den reset 1..9 of 9"});
}

CAF_TEST(a position above the head begins anew) {
  begin_as_ada();
  join(R"("after":10,"epoch":"e1")");
  say(den.actor, aut, into(den, 9));
  page(1, 9);
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den reset 1..9 of 9"});
}

CAF_TEST(a position whose followers are no longer held begins anew) {
  begin_as_ada();
  join(R"("after":3,"epoch":"e1")");
  say(den.actor, aut, into(den, 9, "e1", 5));
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == before(10, 5));
  say(cache.actor, aut, page_of(question.ticket, 5, 9));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den reset 5..9 of 9"});
}

CAF_TEST(the last position before the first entry is resumed) {
  begin_as_ada();
  join(R"("after":4,"epoch":"e1")");
  say(den.actor, aut, into(den, 9, "e1", 5));
  page(5, 9);
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den resumed 5..9 of 9"});
}

CAF_TEST(entries that come while the first page is read are neither lost nor doubled) {
  begin_as_ada();
  join(R"("last":2)");
  say(den.actor, aut, into(den, 5));
  deliver_run(6, 6);
  deliver_run(7, 7);
  CAF_CHECK(wire->told().empty());
  page(4, 5);
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den fresh 4..5 of 5 more"});
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == after(5, 2));
  deliver_run(8, 8);
  say(cache.actor, aut, page_of(question.ticket, 6, 7));
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 6", "message den 7"}));
  page(8, 8);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 8"});
  deliver_run(9, 9);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 9"});
}

CAF_TEST(entries that come while a resumed join is read are in its pages) {
  begin_as_ada();
  join(R"("after":3,"epoch":"e1")");
  say(den.actor, aut, into(den, 5));
  const auto question = cache.only<read_page>();
  deliver_run(6, 6);
  say(cache.actor, aut, page_of(question.ticket, 4, 5));
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den paged 4..5 of 5 more"});
  page(6, 6);
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 6..6 resume"});
}

CAF_TEST(a page that fails refuses the join and nothing of the room follows) {
  begin_as_ada();
  join(R"("ref":"j","last":2)");
  say(den.actor, aut, into(den, 5));
  say(cache.actor, aut, page_refused{cache.only<read_page>().ticket, "den", errc::busy});
  CAF_CHECK_EQUAL(wire->told(), lines{"j: error busy den"});
  CAF_CHECK(den.only<leave_room>() == leave_room{number});
  deliver_run(6, 6);
  CAF_CHECK(wire->told().empty());
  join(R"("ref":"k","last":0)");
  say(den.actor, aut, into(den, 6));
  CAF_CHECK_EQUAL(wire->told(), lines{"k: joined den fresh - of 6 more"});
}

CAF_TEST(an empty first page of a log that has entries refuses the join) {
  begin_as_ada();
  join(R"("last":2)");
  say(den.actor, aut, into(den, 5));
  say(cache.actor, aut, empty_page(cache.only<read_page>().ticket));
  CAF_CHECK_EQUAL(wire->told(), lines{"error unavailable den"});
}

// -- joining again
// ---------------------------------------------------------------------------------

CAF_TEST(joining again replaces the position) {
  begin_live(5);
  deliver_run(6, 6);
  (void)wire->told();
  join(R"("ref":"again","after":2,"epoch":"e1")");
  deliver_run(7, 7); // still of the old position
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 7"});
  say(den.actor, aut, into(den, 7));
  page(3, 7);
  CAF_CHECK_EQUAL(wire->told(), lines{"again: joined den resumed 3..7 of 7"});
  deliver_run(8, 8);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 8"});
}

CAF_TEST(a read of the replaced position is forgotten) {
  bounds.page = 2;
  begin_as_ada();
  join(R"("after":0,"epoch":"e1")");
  say(den.actor, aut, into(den, 9));
  page(1, 2);
  const auto old = cache.only<read_page>();
  join(R"("last":1)");
  say(den.actor, aut, into(den, 9));
  (void)wire->told();
  say(cache.actor, aut, page_of(old.ticket, 3, 4));
  CAF_CHECK(wire->told().empty());
  page(9, 9);
  CAF_CHECK_EQUAL(wire->told(), lines{"joined den fresh 9..9 of 9 more"});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(joins of one room are answered one after the other) {
  begin_as_ada();
  join(R"("ref":"1","last":0)");
  join(R"("ref":"2","last":1)");
  join(R"("ref":"3","last":0)");
  say(den.actor, aut, into(den, 4));
  CAF_CHECK_EQUAL(wire->told(), lines{"1: joined den fresh - of 4 more"});
  say(den.actor, aut, into(den, 4));
  page(4, 4);
  CAF_CHECK_EQUAL(wire->told(), lines{"2: joined den fresh 4..4 of 4 more"});
  say(den.actor, aut, into(den, 4));
  CAF_CHECK_EQUAL(wire->told(), lines{"3: joined den fresh - of 4 more"});
}

CAF_TEST_FIXTURE_SCOPE_END()
