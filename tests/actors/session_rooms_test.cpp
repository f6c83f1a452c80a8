// Staying in rooms whose actors die, leaving them, and lists.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_rooms

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct rooms_fixture : session_fixture {
  void leave() { frame(R"({"type":"leave","ref":"l","room":"den"})"); }

  void den_dies() {
    (void)lobby.take<enter_room>();
    kill(den.actor);
    CAF_REQUIRE_EQUAL(lobby.count<enter_room>(), 1U);
  }

  static notice typing() {
    return {"den", make_slice(text_frame(
                     wire::encode(wire::answer{{}, wire::typing_notice{"den", "bert"}})))};
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_rooms_tests, rooms_fixture)

// -- leaving --------------------------------------------------------------------------------------

CAF_TEST(after left nothing of the room comes but receipts) {
  begin_live();
  post("p1");
  const auto under_way = den.only<post_draft>();
  leave();
  CAF_CHECK(den.only<leave_room>() == leave_room{number});
  CAF_CHECK_EQUAL(wire->told(), lines{"l: left den"});
  deliver_run(1, 1);
  say(den.actor, aut, typing());
  CAF_CHECK(wire->told().empty());
  say(den.actor, aut, post_stored{under_way.ticket, {1, 1000}});
  CAF_CHECK_EQUAL(wire->told(), lines{"posted den p1 1"});
}

CAF_TEST(requests of a room that is left are refused before left) {
  begin_live(9);
  frame(R"({"type":"history","ref":"h","room":"den","before":5})");
  frame(R"({"type":"who","ref":"w","room":"den"})");
  join(R"("ref":"j","last":3)");
  const auto page_ticket = cache.only<read_page>().ticket;
  const auto who_ticket = den.only<ask_who>().ticket;
  leave();
  CAF_CHECK_EQUAL(wire->told(), (lines{"j: error not_joined den", "h: error not_joined den",
                                       "w: error not_joined den", "l: left den"}));
  say(cache.actor, aut, page_of(page_ticket, 1, 4));
  say(den.actor, aut, who_answered{who_ticket, {"ada"}, 1});
  CAF_CHECK(wire->told().empty());
}

CAF_TEST(a room that is not joined cannot be left) {
  begin_as_ada();
  leave();
  CAF_CHECK_EQUAL(wire->told(), lines{"l: error not_joined den"});
}

CAF_TEST(who leaves while being let in is taken off) {
  begin_as_ada();
  join(R"("ref":"j","last":0)");
  post("p1");
  leave();
  // Its answer and its credit wait for the store like the entry: a flood of joins is held back.
  CAF_CHECK_EQUAL(wire->told(), (lines{"j: error not_joined den", "error not_joined den p1"}));
  say(den.actor, aut, into(den, 0));
  CAF_CHECK(den.only<leave_room>() == leave_room{number});
  CAF_CHECK_EQUAL(wire->told(), lines{"l: left den"});
}

CAF_TEST(who leaves a room that never answers is told so in the end) {
  begin_as_ada();
  join(R"("ref":"j","last":0)");
  leave();
  (void)wire->told();
  wait(2 * bounds.store_patience + 2s);
  CAF_CHECK_EQUAL(wire->told(), lines{"l: left den"});
}

CAF_TEST(an answer to an earlier membership is not taken for the new one) {
  begin_as_ada();
  join(R"("last":0)");
  const auto old = into(den, 0);
  leave();
  join(R"("ref":"j","last":0)");
  CAF_CHECK_EQUAL(wire->told(), (lines{"error not_joined den", "l: left den"}));
  say(den.actor, aut, old);
  CAF_CHECK(wire->told().empty());
  say(den.actor, aut, into(den, 4));
  CAF_CHECK_EQUAL(wire->told(), lines{"j: joined den fresh - of 4 more"});
}

CAF_TEST(late messages of an earlier membership are not shown) {
  begin_live(3);
  leave();
  join(R"("last":0)");
  (void)wire->told();
  deliver_run(4, 4);
  say(den.actor, aut, typing());
  CAF_CHECK(wire->told().empty());
}

CAF_TEST(a connection may be in so many rooms) {
  bounds.rooms = 1;
  begin_live();
  frame(R"({"type":"join","ref":"j","room":"attic"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"j: error too_many_rooms attic"});
  join(R"("last":0)"); // the same room again is no other
  CAF_CHECK(wire->told().empty());
  leave();
  (void)wire->told();
  (void)lobby.take<enter_room>();
  frame(R"({"type":"join","room":"attic"})");
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 1U);
}

CAF_TEST(a bad name of a room is refused) {
  begin_as_ada();
  frame(R"({"type":"join","ref":"j","room":" den"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"j: error bad_room  den"});
}

// -- a room that dies
// ------------------------------------------------------------------------------

CAF_TEST(a member stays when the actor of a room dies and misses nothing) {
  begin_live();
  deliver_run(1, 2);
  (void)wire->told();
  den_dies();
  say(den2.actor, aut, into(den2, 4));
  CAF_CHECK(cache.count<read_page>() == 1);
  page(3, 4);
  say(den2.actor, aut, deliver{run_of(5, 5)});
  CAF_CHECK_EQUAL(wire->told(), (lines{"message den 3", "message den 4", "message den 5"}));
  CAF_CHECK(!wire->closed_with);
}

CAF_TEST(a question that is not answered is asked again and a slow answer still counts) {
  begin_as_ada();
  join(R"("ref":"j","last":0)");
  const auto first = into(den, 0);
  wait(2s);
  CAF_CHECK(lobby.count<enter_room>() > 0);
  say(den.actor, aut, first);
  CAF_CHECK_EQUAL(wire->told(), lines{"j: joined den fresh - of 0"});
  (void)lobby.take<enter_room>();
  wait(5s);
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
}

CAF_TEST(the second answer to a question asked twice changes nothing) {
  begin_as_ada();
  join(R"("last":0)");
  const auto answer = into(den, 0);
  say(den.actor, aut, answer);
  (void)wire->told();
  say(den.actor, aut, answer);
  CAF_CHECK(wire->told().empty());
  CAF_CHECK_EQUAL(den.count<leave_room>(), 0U);
}

CAF_TEST(a room that dies during the first page begins the join anew) {
  begin_as_ada();
  join(R"("ref":"j","last":2)");
  say(den.actor, aut, into(den, 5));
  const auto lost = cache.only<read_page>();
  den_dies();
  say(den2.actor, aut, into(den2, 6));
  say(cache.actor, aut, page_of(lost.ticket, 4, 5));
  CAF_CHECK(wire->told().empty());
  page(5, 6);
  CAF_CHECK_EQUAL(wire->told(), lines{"j: joined den fresh 5..6 of 6 more"});
}

CAF_TEST(a room that dies during paging goes on with the pages) {
  bounds.page = 2;
  begin_as_ada();
  join(R"("after":0,"epoch":"e1")");
  say(den.actor, aut, into(den, 5));
  page(1, 2);
  (void)wire->told();
  den_dies();
  (void)cache.take<read_page>();
  say(den2.actor, aut, into(den2, 5));
  page(3, 4);
  page(5, 5);
  CAF_CHECK_EQUAL(wire->told(), (lines{"history den 3..4 more resume", "history den 5..5 resume"}));
}

CAF_TEST(requests of a room that dies are refused) {
  begin_live(9);
  frame(R"({"type":"history","ref":"h","room":"den","before":5})");
  frame(R"({"type":"who","ref":"w","room":"den"})");
  frame(R"({"type":"join","ref":"j","room":"attic","last":1})");
  say(attic.actor, aut, into(attic, 1, "a1")); // its page stands in line
  den_dies();
  CAF_CHECK_EQUAL(wire->told(), (lines{"h: error unavailable den", "w: error unavailable den"}));
  const auto next = cache.take<read_page>().back();
  CAF_CHECK_EQUAL(next.query.room, "attic"); // the line moves on
  frame(R"({"type":"history","ref":"h","room":"den","before":5})");
  frame(R"({"type":"who","ref":"w","room":"den"})");
  CAF_CHECK_EQUAL(wire->told(), (lines{"h: error unavailable den", "w: error unavailable den"}));
}

CAF_TEST(a second join that is refused by the lobby takes the member out) {
  begin_live(5);
  join(R"("ref":"j","last":1)");
  say(lobby.actor, aut, enter_refused{lobby.only<enter_room>().ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(), lines{"j: error unavailable den"});
  CAF_CHECK(den.only<leave_room>() == leave_room{number});
  deliver_run(6, 6);
  CAF_CHECK(wire->told().empty());
}

CAF_TEST(a join that fails gives up the page that a dead cache will not bring) {
  begin_live();
  deliver_run(3, 3);
  CAF_CHECK_EQUAL(cache.count<read_page>(), 1U);
  (void)cache.take<read_page>();
  join(R"("ref":"j","last":2)");
  say(lobby.actor, aut, enter_refused{lobby.only<enter_room>().ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(), lines{"j: error unavailable den"});
  join(R"("last":2)");
  say(den2.actor, aut, into(den2, 3));
  CAF_CHECK_EQUAL(cache.count<read_page>(), 1U);
}

CAF_TEST(the successor may answer before the death is heard of) {
  begin_live(9);
  join(R"("ref":"j","last":0)");
  frame(R"({"type":"who","ref":"w","room":"den"})");
  frame(R"({"type":"history","ref":"h","room":"den","before":5})");
  say(den2.actor, aut, into(den2, 9));
  CAF_CHECK_EQUAL(wire->told(), (lines{"w: error unavailable den", "h: error unavailable den",
                                       "j: joined den fresh - of 9 more"}));
  say(den2.actor, aut, deliver{run_of(10, 10)});
  kill(den.actor);
  CAF_CHECK_EQUAL(wire->told(), lines{"message den 10"});
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
}

CAF_TEST(a room whose log is another one closes the connection to resume) {
  begin_live(5);
  den_dies();
  say(den2.actor, aut, into(den2, 5, "e2"));
  CAF_CHECK(wire->closed_with == close_code::resync);
}

CAF_TEST(a room whose log is shorter closes the connection to resume) {
  begin_live(5);
  den_dies();
  say(den2.actor, aut, into(den2, 4));
  CAF_CHECK(wire->closed_with == close_code::resync);
}

CAF_TEST(a room that dies again and again is watched each time) {
  begin_live();
  den_dies();
  say(den2.actor, aut, into(den2, 0));
  kill(den2.actor);
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 1U);
}

CAF_TEST(who joins and leaves often watches a room once) {
  begin_live();
  for (int i = 0; i < 3; ++i) {
    leave();
    join(R"("last":0)");
    say(den.actor, aut, into(den, 0));
  }
  den_dies();
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 1U);
}

// -- lists ----------------------------------------------------------------------------------------

CAF_TEST(who is answered by the room) {
  begin_live();
  frame(R"({"type":"who","ref":"w","room":"den"})");
  say(den.actor, aut, who_answered{den.only<ask_who>().ticket, {"ada", "bert"}, 7});
  CAF_CHECK_EQUAL(wire->told(), lines{"w: who den ada,bert 7"});
}

CAF_TEST(lists are asked for one at a time and only while the outbox is low) {
  begin_live();
  frame(R"({"type":"who","ref":"w","room":"den"})");
  frame(R"({"type":"rooms","ref":"r"})");
  CAF_CHECK_EQUAL(lobby.count<list_rooms>(), 0U);
  wire->backlog = bounds.outbox_low_bytes + 1;
  say(den.actor, aut, who_answered{den.only<ask_who>().ticket, {"ada"}, 1});
  CAF_CHECK_EQUAL(lobby.count<list_rooms>(), 0U);
  wire->backlog = 0;
  say(self, aut, outbox_low{});
  CAF_CHECK_EQUAL(lobby.count<list_rooms>(), 1U);
}

CAF_TEST(rooms are listed without a join) {
  begin_as_ada();
  frame(R"({"type":"rooms","ref":"r","prefix":"d","limit":7})");
  const auto asked = lobby.only<list_rooms>();
  CAF_CHECK_EQUAL(asked.prefix, "d");
  CAF_CHECK_EQUAL(asked.limit, 7U);
  say(self, aut, rooms_listed{asked.ticket, false, {{"den", 4, 2}}});
  CAF_CHECK_EQUAL(wire->told(), lines{"r: rooms den:4:2"});
  frame(R"({"type":"rooms","ref":"s"})");
  say(self, aut, rooms_listed{lobby.only<list_rooms>().ticket, true, {}});
  CAF_CHECK_EQUAL(wire->told(), lines{"s: error unavailable"});
}

CAF_TEST(a prefix that no room can have is refused and asks nobody) {
  begin_as_ada();
  for (const auto* prefix : {R"(\u200b)", R"(\u0000)", R"(\u202egen)", " gen"})
    frame(R"({"type":"rooms","ref":"r","prefix":")" + std::string{prefix} + R"("})");
  CAF_CHECK_EQUAL(wire->told(), (lines{"r: error bad_room", "r: error bad_room",
                                       "r: error bad_room", "r: error bad_room"}));
  CAF_CHECK_EQUAL(lobby.count<list_rooms>(), 0U);
}

CAF_TEST(requests about a room whose name is invisible are answered and change nothing) {
  begin_as_ada();
  for (const auto* type : {"who", "typing", "leave", "history", "post", "join"})
    frame(R"({"type":")" + std::string{type} + R"(","ref":"r","room":"\u200b\u2060")"
          + (std::string_view{type} == "history" ? R"(,"before":9)" : "")
          + (std::string_view{type} == "post" ? R"(,"id":"i","text":"t")" : "") + "}");
  const auto told = wire->told();
  CAF_REQUIRE_EQUAL(told.size(), 6U);
  CAF_CHECK(told.back().starts_with("r: error bad_room"));
  for (std::size_t i = 0; i + 1 < told.size(); ++i)
    CAF_CHECK(told[i].starts_with("r: error not_joined") || told[i].starts_with("r: left"));
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
}

CAF_TEST(a list that only stands in line wakes nobody up) {
  begin_as_ada();
  frame(R"({"type":"rooms","ref":"r"})");
  frame(R"({"type":"rooms","ref":"s"})");
  wire->backlog = bounds.outbox_low_bytes + 1;
  say(self, aut, rooms_listed{lobby.only<list_rooms>().ticket, false, {}});
  wait(3s);
  CAF_CHECK(!sched.has_pending_timeout());
  wire->backlog = 0;
  say(self, aut, outbox_low{});
  CAF_CHECK_EQUAL(lobby.count<list_rooms>(), 1U);
  wait(12s); // and is looked after when its turn has come
  CAF_CHECK_EQUAL(wire->told(), (lines{"r: rooms", "s: error unavailable"}));
}

CAF_TEST(a list that is lost with the cache is refused in the end) {
  begin_as_ada();
  frame(R"({"type":"rooms","ref":"r"})");
  wait(9s);
  CAF_CHECK(wire->told().empty());
  wait(3s);
  CAF_CHECK_EQUAL(wire->told(), lines{"r: error unavailable"});
  wait(30s);
  CAF_CHECK(!sched.has_pending_timeout());
}

CAF_TEST(typing costs no answer and gives the credit back) {
  begin_live();
  const auto before = wire->given_back;
  frame(R"({"type":"typing","room":"den"})");
  CAF_CHECK(den.only<show_typing>() == show_typing{number});
  CAF_CHECK(wire->told().empty());
  CAF_CHECK_EQUAL(wire->given_back - before, 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()
