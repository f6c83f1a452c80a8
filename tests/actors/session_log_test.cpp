// A slow reader costs a cursor and not a queue, and gets every entry once all the same.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_log

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct log_fixture : session_fixture {
  /// The outbox is fuller than the high mark.
  void stall() { wire->backlog = bounds.outbox_high_bytes + 1; }

  /// The outbox has run low, and the connection says so.
  void drained() {
    wire->backlog = 0;
    say(self, aut, outbox_low{});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_log_tests, log_fixture)

CAF_TEST(above the high mark nothing is put in and below the low mark it is read) {
  begin_live();
  deliver_run(1, 1);
  stall();
  deliver_run(2, 2);
  deliver_run(3, 4);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 1"});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  CAF_CHECK_EQUAL(wire->low_asked, 1); // asked once, not per run
  CAF_CHECK_EQUAL(wire->low_mark, bounds.outbox_low_bytes);
  drained();
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == after(1, 3));
  say(cache.actor, aut, page_of(question.ticket, 2, 4));
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 2", "message den 3", "message den 4"}));
  deliver_run(5, 5);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 5"});
}

CAF_TEST(between the marks a reader that is level stays live) {
  begin_live();
  wire->backlog = bounds.outbox_high_bytes - run_of(1, 1)->bytes();
  deliver_run(1, 1);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 1"});
}

CAF_TEST(a run that would pass the high mark is read later) {
  begin_live();
  wire->backlog = bounds.outbox_high_bytes - run_of(1, 1)->bytes() + 1;
  deliver_run(1, 1);
  CAF_CHECK(wire->told().empty());
  drained();
  CAF_CHECK(cache.only<read_page>().query == after(0, 1));
}

CAF_TEST(an empty outbox takes a run of any size) {
  bounds.outbox_high_bytes = 1;
  begin_live();
  deliver_run(1, 2);
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 1", "message den 2"}));
}

CAF_TEST(between the marks a reader that is behind is not read for) {
  begin_live();
  stall();
  deliver_run(1, 1);
  wire->backlog = bounds.outbox_low_bytes + 1;
  deliver_run(2, 2);
  CAF_CHECK(wire->told().empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  wire->backlog = bounds.outbox_low_bytes;
  say(self, aut, outbox_low{});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 1U);
}

CAF_TEST(a reader that falls behind again asks to be told again) {
  begin_live();
  for (seq_t seq = 1; seq <= 3; ++seq) {
    stall();
    deliver_run(seq, seq);
    drained();
    page(seq, seq);
    CAF_CHECK_EQUAL(wire->told(), lines{"message den " + std::to_string(seq)});
  }
  CAF_CHECK_EQUAL(wire->low_asked, 3);
}

CAF_TEST(catching up in pages is byte for byte what live would have been) {
  bounds.page = 2;
  begin_live();
  const auto before = wire->bytes.size();
  stall();
  deliver_run(1, 5);
  drained();
  page(1, 2);
  deliver_run(6, 7); // live in between: would be a gap
  page(3, 4);
  page(5, 6);
  page(7, 7);
  deliver_run(8, 8);
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  std::string expected;
  for (const auto& run : {run_of(1, 8)})
    expected += run->frames_from(1);
  CAF_CHECK_EQUAL(wire->bytes.substr(before), expected);
}

CAF_TEST(a page that is a part of longer runs is sent as that part) {
  bounds.page = 3;
  begin_live(2);
  stall();
  deliver_run(3, 9);
  drained();
  const auto asked = cache.only<read_page>();
  CAF_CHECK(asked.query == after(2, 3));
  say(cache.actor, aut, page_read{asked.ticket, "den", 3, 5, {run_of(1, 4), run_of(5, 9)}});
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 3", "message den 4", "message den 5"}));
  CAF_CHECK(cache.only<read_page>().query == after(5, 3));
}

CAF_TEST(nothing is read beyond what the room has published) {
  begin_live(2);
  stall();
  deliver_run(3, 4);
  drained();
  const auto asked = cache.only<read_page>();
  CAF_CHECK(asked.query == after(2, 2));
  say(cache.actor, aut, page_read{asked.ticket, "den", 3, 4, {run_of(3, 7)}});
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 3", "message den 4"}));
  deliver_run(5, 7);
  CAF_CHECK_EQUAL(wire->told().size(), 3U);
}

CAF_TEST(a run that leaves a gap is read and not shown) {
  begin_live(2);
  deliver_run(5, 6);
  CAF_CHECK(wire->told().empty());
  const auto question = cache.only<read_page>();
  CAF_CHECK(question.query == after(2, 4));
  say(cache.actor, aut, page_of(question.ticket, 3, 6));
  CAF_CHECK_EQUAL(wire->told().size(), 4U);
}

CAF_TEST(a run that is known in part is shown in part) {
  begin_live(2);
  deliver_run(1, 4);
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 3", "message den 4"}));
  deliver_run(3, 4);
  CAF_CHECK(wire->told().empty());
}

CAF_TEST(live entries may fill what a page was asked for) {
  begin_live(2);
  deliver_run(5, 5);
  const auto question = cache.only<read_page>();
  deliver_run(3, 5); // a room that was rebuilt publishes the gap itself
  CAF_CHECK_EQUAL(wire->told().size(), 3U);
  say(cache.actor, aut, page_of(question.ticket, 3, 5));
  CAF_CHECK(wire->told().empty());
  deliver_run(6, 6);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 6"});
}

CAF_TEST(a read that fails is repeated a little later) {
  begin_live();
  wait(5s); // nothing else makes the session tick
  deliver_run(2, 2);
  say(cache.actor, aut, page_refused{cache.only<read_page>().ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  deliver_run(3, 3);
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  wait(bounds.retry_after);
  page(1, 3);
  CAF_CHECK_EQUAL(wire->told().size(), 3U);
  CAF_CHECK(!wire->closed_with);
}

CAF_TEST(a page without anything new is asked for again but not at once) {
  begin_live();
  wait(5s); // nothing else makes the session tick
  deliver_run(2, 2);
  say(cache.actor, aut, empty_page(cache.only<read_page>().ticket));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  wait(bounds.retry_after);
  page(1, 2);
  CAF_CHECK_EQUAL(wire->told().size(), 2U);
}

CAF_TEST(a connection has one page under way and its rooms take turns) {
  begin_live();
  frame(R"({"type":"join","room":"attic","last":0})");
  say(attic.actor, aut, into(attic, 0, "a1"));
  (void)wire->told();
  stall();
  deliver_run(1, 1);
  say(attic.actor, aut, deliver{run_of(1, 1, "attic")});
  drained();
  const auto first = cache.only<read_page>();
  CAF_CHECK_EQUAL(first.query.room, "den");
  say(cache.actor, aut, page_of(first.ticket, 1, 1));
  const auto second = cache.only<read_page>();
  CAF_CHECK_EQUAL(second.query.room, "attic");
  say(cache.actor, aut, page_of(second.ticket, 1, 1, "attic"));
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 1", "message attic 1"}));
}

CAF_TEST(paging waits for the outbox after each page) {
  bounds.page = 2;
  begin_as_ada();
  join(R"("after":0,"epoch":"e1")");
  say(den.actor, aut, into(den, 6));
  page(1, 2);
  CAF_REQUIRE_EQUAL(cache.count<read_page>(), 1U); // asked for while the outbox was low
  wire->backlog = bounds.outbox_low_bytes + 1;
  page(3, 4);
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  drained();
  page(5, 6);
  CAF_CHECK_EQUAL(wire->told(), (lines{"joined den paged 1..2 of 6 more",
                                       "history den 3..4 more resume", "history den 5..6 resume"}));
}

CAF_TEST(signals are dropped while the outbox is not low) {
  begin_live();
  const notice note{"den", make_slice(text_frame(
                             wire::encode(wire::answer{{}, wire::typing_notice{"den", "bert"}})))};
  say(den.actor, aut, note);
  CAF_CHECK_EQUAL(wire->told(), lines{"typing den bert"});
  wire->backlog = bounds.outbox_low_bytes + 1;
  say(den.actor, aut, note);
  CAF_CHECK(wire->told().empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
