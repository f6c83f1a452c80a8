// A client's own look back: any part of the log, in pages, without moving its position.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_pages

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct pages_fixture : session_fixture {
  void history(const std::string& fields) {
    frame(R"({"type":"history","room":"den",)" + fields + "}");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_pages_tests, pages_fixture)

CAF_TEST(history before a position) {
  begin_live(20);
  history(R"("ref":"h","before":10,"limit":3)");
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == before(10, 3));
  say(cache.actor, aut, page_of(question.ticket, 7, 9));
  CAF_CHECK_EQUAL(wire->told(), lines{"h: history den 7..9 more"});
}

CAF_TEST(history before a position down to the first entry) {
  begin_live(20);
  history(R"("before":4,"limit":5)");
  page(1, 3);
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 1..3"});
}

CAF_TEST(history after a position) {
  begin_live(20);
  history(R"("after":10,"limit":3)");
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == after(10, 3));
  say(cache.actor, aut, page_of(question.ticket, 11, 13));
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 11..13 more"});
  history(R"("after":17,"limit":3)");
  page(18, 20);
  CAF_CHECK_EQUAL(wire->told(), lines{"history den 18..20"});
}

CAF_TEST(a page is clamped to what the server allows) {
  bounds.page = 5;
  begin_live(20);
  history(R"("after":0,"limit":400)");
  CAF_CHECK(cache.only<read_page>().query == after(0, 5));
}

CAF_TEST(positions beyond the log are clamped to it) {
  begin_live(20);
  history(R"("before":9000,"limit":3)");
  CAF_CHECK(cache.only<read_page>().query == before(21, 3));
}

CAF_TEST(where there is nothing nobody is asked) {
  begin_live(20);
  history(R"("ref":"1","before":1)");
  history(R"("ref":"2","before":0)");
  history(R"("ref":"3","after":20)");
  history(R"("ref":"4","after":9000)");
  CAF_CHECK_EQUAL(wire->told(), (lines{"1: history den -", "2: history den -", "3: history den -",
                                       "4: history den -"}));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(history of an empty room is empty) {
  begin_live(0);
  history(R"("before":5)");
  CAF_CHECK_EQUAL(wire->told(), lines{"history den -"});
}

CAF_TEST(history of a log that has lost its beginning says so) {
  begin_as_ada();
  join(R"("last":0)");
  say(den.actor, aut, into(den, 20, "e1", 5));
  (void)wire->told();
  history(R"("before":8,"limit":3)");
  page(5, 7);
  history(R"("before":5,"limit":3)");
  CAF_CHECK_EQUAL(wire->told(), (lines{"history den 5..7", "history den -"}));
}

CAF_TEST(history does not move the position and entries go on meanwhile) {
  begin_live(20);
  history(R"("before":10,"limit":3)");
  deliver_run(21, 21);
  page(7, 9);
  deliver_run(22, 22);
  CAF_CHECK_EQUAL(wire->told(),
                  (lines{"message den 21", "history den 7..9 more", "message den 22"}));
}

CAF_TEST(several questions are answered one page at a time) {
  begin_live(20);
  history(R"("ref":"1","before":10,"limit":2)");
  history(R"("ref":"2","before":5,"limit":2)");
  const auto first = cache.only<read_page>();
  say(cache.actor, aut, page_of(first.ticket, 8, 9));
  page(3, 4);
  CAF_CHECK_EQUAL(wire->told(), (lines{"1: history den 8..9 more", "2: history den 3..4 more"}));
}

CAF_TEST(history waits for the outbox) {
  begin_live(20);
  wire->backlog = bounds.outbox_low_bytes + 1;
  history(R"("before":10,"limit":2)");
  history(R"("before":8,"limit":2)");
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  CAF_CHECK_EQUAL(wire->low_asked, 1); // it will tell once
  wire->backlog = 0;
  say(self, aut, outbox_low{});
  page(8, 9);
  page(6, 7);
  CAF_CHECK_EQUAL(wire->told(), (lines{"history den 8..9 more", "history den 6..7 more"}));
}

CAF_TEST(a page that fails is told with the reference) {
  begin_live(20);
  history(R"("ref":"h","before":10)");
  say(cache.actor, aut, page_refused{cache.only<read_page>().ticket, "den", errc::busy});
  CAF_CHECK_EQUAL(wire->told(), lines{"h: error busy den"});
  history(R"("before":10)"); // and the line moves on
  CAF_CHECK_EQUAL(cache.count<read_page>(), 1U);
}

CAF_TEST(history of a room that is not joined is refused) {
  begin_as_ada();
  history(R"("ref":"h","before":10)");
  CAF_CHECK_EQUAL(wire->told(), lines{"h: error not_joined den"});
  join(R"("last":3)"); // nor while it is being entered
  history(R"("ref":"i","before":10)");
  CAF_CHECK_EQUAL(wire->told(), lines{"i: error not_joined den"});
}

CAF_TEST(history that stands behind a page that a join makes needless is read all the same) {
  begin_live(20);
  wire->backlog = bounds.outbox_high_bytes + 1;
  deliver_run(21, 21);
  wire->backlog = 0;
  say(self, aut, outbox_low{});
  CAF_CHECK(cache.only<read_page>().query == after(20, 1));
  history(R"("ref":"h","before":10,"limit":3)"); // in line behind it
  join(R"("ref":"j","last":0)");                 // wants no page itself
  say(den.actor, aut, into(den, 21));
  CAF_CHECK_EQUAL(wire->told().size(), 1U);
  page(7, 9);
  CAF_CHECK_EQUAL(wire->told(), lines{"h: history den 7..9 more"});
}

CAF_TEST(history that waits when a second join fails is refused with it) {
  begin_live(20);
  join(R"("ref":"j","last":3)");
  say(den.actor, aut, into(den, 20));
  history(R"("ref":"h","before":10)"); // stands in line behind the join's page
  say(cache.actor, aut, page_refused{cache.only<read_page>().ticket, "den", errc::busy});
  CAF_CHECK_EQUAL(wire->told(), (lines{"j: error busy den", "h: error busy den"}));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
