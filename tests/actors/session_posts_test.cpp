// Every post ends in a receipt or a refusal, and those of one room are stored as they came.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_posts

using namespace callboard;
using namespace callboard::doubles;

namespace {

struct posts_fixture : session_fixture {
  void refuse(const post_draft& msg, errc why = errc::unavailable) {
    say(den.actor, aut, post_refused{msg.ticket, msg.round, why});
  }
  void store(const post_draft& msg, seq_t seq, bool again = false) {
    say(den.actor, aut, post_stored{msg.ticket, {seq, 1000, again}});
  }

  /// The den dies; the session has asked to enter again.
  void den_dies() {
    (void)lobby.take<enter_room>();
    kill(den.actor);
    CAF_REQUIRE_EQUAL(lobby.count<enter_room>(), 1U);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(session_posts_tests, posts_fixture)

CAF_TEST(a post goes to the room and its receipt to the client) {
  begin_live();
  frame(R"({"type":"post","ref":"r","room":"den","id":"p1","text":"hi"})");
  const auto msg = den.only<post_draft>();
  CAF_CHECK_EQUAL(msg.connection, number);
  CAF_CHECK(*msg.what == (draft{"den", ada, "p1", "hi"}));
  CAF_CHECK(wire->told().empty());
  const auto before = wire->given_back;
  store(msg, 1);
  CAF_CHECK_EQUAL(wire->told(), lines{"r: posted den p1 1"});
  CAF_CHECK_EQUAL(wire->given_back - before, 1U);
}

CAF_TEST(a repetition is told as one) {
  begin_live(5);
  post("p1");
  store(den.only<post_draft>(), 3, true);
  CAF_CHECK_EQUAL(wire->told(), lines{"posted den p1 3 again"});
}

CAF_TEST(a post that breaks the rules never leaves the session) {
  begin_live();
  post("p1", "");
  post("p2", "   ");
  post("p3", std::string(8193, 'x'));
  post("p4", "\\u0000");
  CAF_CHECK_EQUAL(wire->told(), (lines{"error empty den p1", "error empty den p2",
                                       "error too_long den p3", "error bad_text den p4"}));
  CAF_CHECK_EQUAL(den.count<post_draft>(), 0U);
}

CAF_TEST(a post to a room that is not joined is refused) {
  begin_as_ada();
  post("p1");
  CAF_CHECK_EQUAL(wire->told(), lines{"error not_joined den p1"});
}

CAF_TEST(a post while the room is being entered waits for it) {
  begin_as_ada();
  join(R"("last":0)");
  post("p1");
  post("p2");
  CAF_CHECK(wire->told().empty());
  say(den.actor, aut, into(den, 0));
  CAF_CHECK_EQUAL(posts_of(den), (lines{"p1", "p2"}));
}

CAF_TEST(posts are refused with the join that they waited for) {
  begin_as_ada();
  join(R"("ref":"j","last":0)");
  post("p1");
  say(den.actor, aut, enter_refused{lobby.only<enter_room>().ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(), (lines{"error unavailable den p1", "j: error unavailable den"}));
  post("p1");
  CAF_CHECK_EQUAL(wire->told(), lines{"error not_joined den p1"});
}

// -- order
// -----------------------------------------------------------------------------------------

CAF_TEST(behind a refused post nothing goes until it comes again) {
  begin_live();
  post("p1");
  refuse(den.only<post_draft>());
  post("p2");
  post("p3");
  CAF_CHECK_EQUAL(wire->told(),
                  (lines{"error unavailable den p1", "error busy den p2", "error busy den p3"}));
  CAF_CHECK_EQUAL(den.count<post_draft>(), 0U);
  post("p1");
  post("p2");
  post("p3");
  const auto sent = den.take<post_draft>();
  CAF_REQUIRE_EQUAL(sent.size(), 3U);
  CAF_CHECK_EQUAL(sent[0].what->client_id, "p1");
  CAF_CHECK_EQUAL(sent[2].what->client_id, "p3");
  CAF_CHECK(sent[0].round == sent[1].round && sent[1].round == sent[2].round);
}

CAF_TEST(a repetition belongs to a new round so that the room can tell) {
  begin_live();
  post("p1");
  const auto first = den.only<post_draft>();
  refuse(first);
  post("p1");
  CAF_CHECK(den.only<post_draft>().round > first.round);
}

CAF_TEST(a late refusal of an old round does not close the new one) {
  begin_live();
  post("p1");
  post("p2");
  const auto sent = den.take<post_draft>();
  refuse(sent[0]);
  post("p1");
  refuse(sent[1]);
  post("p2");
  CAF_CHECK_EQUAL(posts_of(den), (lines{"p1", "p2"}));
}

CAF_TEST(a refusal for good holds nothing back) {
  begin_live();
  post("p1");
  refuse(den.only<post_draft>(), errc::id_conflict);
  post("p2");
  CAF_CHECK_EQUAL(posts_of(den), lines{"p2"});
}

CAF_TEST(a refusal in one room holds nothing back in another) {
  begin_live();
  frame(R"({"type":"join","room":"attic","last":0})");
  say(attic.actor, aut, into(attic, 0, "a1"));
  post("p1");
  refuse(den.only<post_draft>());
  frame(R"({"type":"post","room":"attic","id":"q1","text":"hi"})");
  CAF_CHECK_EQUAL(posts_of(attic), lines{"q1"});
}

CAF_TEST(rounds of a new membership are none of the old one) {
  begin_live();
  post("p1");
  const auto old = den.only<post_draft>();
  frame(R"({"type":"leave","room":"den"})");
  join(R"("last":0)");
  say(den.actor, aut, into(den, 0));
  (void)den.take<post_draft>();
  post("p2");
  CAF_CHECK(den.only<post_draft>().round > old.round);
}

// -- a room that dies
// ------------------------------------------------------------------------------

CAF_TEST(posts under way are repeated to the successor of the room in order) {
  begin_live();
  post("p1");
  post("p2");
  (void)den.take<post_draft>();
  den_dies();
  post("p3");
  CAF_CHECK(wire->told().empty());
  say(den2.actor, aut, into(den2, 1));
  const auto sent = den2.take<post_draft>();
  CAF_REQUIRE_EQUAL(sent.size(), 3U);
  CAF_CHECK_EQUAL(sent[0].what->client_id, "p1");
  CAF_CHECK_EQUAL(sent[1].what->client_id, "p2");
  CAF_CHECK_EQUAL(sent[2].what->client_id, "p3");
}

CAF_TEST(posts behind one that was refused before the room died are refused) {
  begin_live();
  post("p1");
  post("p2");
  const auto sent = den.take<post_draft>();
  refuse(sent[0]);
  den_dies();
  say(den2.actor, aut, into(den2, 1));
  CAF_CHECK_EQUAL(wire->told(), (lines{"error unavailable den p1", "error busy den p2"}));
  CAF_CHECK_EQUAL(den2.count<post_draft>(), 0U);
  post("p1");
  post("p2");
  CAF_CHECK_EQUAL(posts_of(den2), (lines{"p1", "p2"}));
}

CAF_TEST(a post of a round that is over is refused and the new round goes on) {
  begin_live();
  post("p1");
  post("p2");
  const auto sent = den.take<post_draft>();
  refuse(sent[0]);
  post("p1"); // the new round
  (void)wire->told();
  den_dies(); // before it refused p2
  say(den2.actor, aut, into(den2, 1));
  CAF_CHECK_EQUAL(posts_of(den2), lines{"p1"});
  CAF_CHECK_EQUAL(wire->told(), lines{"error busy den p2"});
  post("p2");
  CAF_CHECK_EQUAL(posts_of(den2), lines{"p2"});
}

CAF_TEST(posts are refused when the room cannot be entered again) {
  begin_live();
  post("p1");
  post("p2");
  den_dies();
  const auto asked = lobby.only<enter_room>();
  say(lobby.actor, aut, enter_refused{asked.ticket, "den", errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(), (lines{"error unavailable den p1", "error unavailable den p2"}));
  wait(2s);
  const auto again = lobby.take<enter_room>();
  CAF_REQUIRE(!again.empty());
  say(den2.actor, aut,
      entered{again.back().ticket, "den", den2.actor, cache.actor, {"e1", 1, 0}, 1});
  post("p1");
  post("p2");
  CAF_CHECK_EQUAL(posts_of(den2), (lines{"p1", "p2"}));
}

CAF_TEST(posts of a room that was left and then died are answered) {
  begin_live();
  post("p1");
  frame(R"({"type":"leave","room":"den"})");
  CAF_CHECK_EQUAL(wire->told(), lines{"left den"});
  const auto before = wire->given_back;
  kill(den.actor);
  CAF_CHECK_EQUAL(wire->told(), lines{"error unavailable den p1"});
  CAF_CHECK_EQUAL(wire->given_back - before, 1U);
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
}

CAF_TEST(posts of a room that is left while it is being rebuilt are answered) {
  begin_live();
  post("p1");
  den_dies();
  frame(R"({"type":"leave","room":"den"})");
  CAF_CHECK_EQUAL(wire->told(), (lines{"error unavailable den p1", "left den"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
