// The end of a session: everything under way is answered, then bye, and it never waits for ever.
#include "tests/actors/session_fixture.hpp"

#define CAF_SUITE session_end

using namespace callboard;
using namespace callboard::doubles;

CAF_TEST_FIXTURE_SCOPE(session_end_tests, session_fixture)

CAF_TEST(drain says bye after what is under way is answered) {
  begin_live();
  post("p1");
  post("p2");
  const auto sent = den.take<post_draft>();
  say(self, aut, drain{});
  post("p3"); // comes too late: the client repeats it on its next connection
  say(den.actor, aut, post_stored{sent[0].ticket, {1, 1000}});
  CAF_CHECK(!wire->closed_with);
  say(den.actor, aut, post_refused{sent[1].ticket, sent[1].round, errc::unavailable});
  CAF_CHECK_EQUAL(wire->told(),
                  (lines{"posted den p1 1", "error unavailable den p2", "bye restart"}));
  CAF_CHECK(wire->closed_with == close_code::restart);
  CAF_CHECK_EQUAL(den.count<post_draft>(), 0U);
}

CAF_TEST(drain of an idle session is bye at once) {
  begin_live();
  say(self, aut, drain{});
  CAF_CHECK_EQUAL(wire->told(), lines{"bye restart"});
  CAF_CHECK(wire->closed_with == close_code::restart);
}

CAF_TEST(drain waits for pages and lists as well) {
  begin_live(9);
  frame(R"({"type":"history","room":"den","before":5})");
  frame(R"({"type":"who","room":"den"})");
  frame(R"({"type":"rooms"})");
  say(self, aut, drain{});
  say(den.actor, aut, who_answered{den.only<ask_who>().ticket, {}, 1});
  say(self, aut, rooms_listed{lobby.only<list_rooms>().ticket, false, {}});
  CAF_CHECK(!wire->closed_with);
  page(1, 4);
  CAF_CHECK(wire->closed_with == close_code::restart);
  CAF_CHECK_EQUAL(wire->told().size(), 4U);
}

CAF_TEST(drain does not wait for ever) {
  begin_live(9);
  post("p1");
  frame(R"({"type":"who","ref":"w","room":"den"})");
  say(self, aut, drain{});
  wait(bounds.drain_patience - 1s);
  CAF_CHECK(!wire->closed_with);
  wait(2s);
  CAF_CHECK_EQUAL(wire->told(),
                  (lines{"error unavailable den p1", "w: error unavailable den", "bye restart"}));
  CAF_CHECK(wire->closed_with == close_code::restart);
}

CAF_TEST(drain ends when the room dies and its lists with it) {
  begin_live(9);
  frame(R"({"type":"who","room":"den"})");
  say(self, aut, drain{});
  kill(den.actor);
  CAF_CHECK(wire->closed_with == close_code::restart);
}

CAF_TEST(a closed session sends nothing more and asks for nothing) {
  begin_live();
  say(self, aut, drain{});
  (void)wire->told();
  wire->closed_with.reset(); // would a session still send?
  deliver_run(1, 1);
  deliver_run(5, 5);
  frame(R"({"type":"ping"})");
  kill(den.actor);
  wait(5s);
  CAF_CHECK(wire->told().empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST_FIXTURE_SCOPE_END()
