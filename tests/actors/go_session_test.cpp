// The Go program's client, unchanged: all of the history, every line of others once, its own lines
// stored however often the store fails.
#include "actors/session.hpp"
#include "tests/actors/doubles.hpp"
#include "tests/actors/fake_connection.hpp"

namespace go_session_suite {

#define CAF_SUITE go_session

using namespace callboard;
using namespace callboard::doubles;
using namespace std::chrono_literals;

namespace {

struct go_fixture : theatre {
  static constexpr connection_t number = 4;
  static inline const author me{"guest", "~gil"};
  static inline const author other{"a9", "zoe"};

  role<lobby_actor> lobby = play<lobby_actor>("lobby");
  role<room_actor> room = play<room_actor>("room");
  role<room_actor> room2 = play<room_actor>("room2");
  role<cache_actor> cache = play<cache_actor>("cache");
  limits bounds;
  std::shared_ptr<fake_connection> wire = std::make_shared<fake_connection>();
  session_actor aut;

  void begin() {
    const auto needs = std::make_shared<const session_needs>(session_needs{
      bounds, lobby.actor, nullptr, [] { return std::int64_t{0}; },
      [] { return std::string{"guest"}; }, "test", std::make_shared<server_status>()});
    aut = cast(start_go_session(sys, number, wire, needs));
    consume_messages();
  }

  entered into(role<room_actor>& who, seq_t head, const std::string& epoch = "e1") {
    const auto asked = lobby.only<enter_room>();
    return {asked.ticket, asked.room, who.actor, cache.actor, {epoch, 1, head}, 1};
  }

  /// In the room, whose log was empty.
  void begin_live() {
    begin();
    say(room.actor, aut, into(room, 0));
  }

  void line(const std::string& text, const std::string& name = "gil") {
    say(self, aut, frame_received{R"({"username":")" + name + R"(","message":")" + text + R"("})"});
  }

  void deliver_run(seq_t first, seq_t last, const author& who = other) {
    say(room.actor, aut, deliver{run_of(first, last, "general", who)});
  }

  void page(seq_t first, seq_t last, const author& who = other) {
    const auto asked = cache.only<read_page>();
    say(cache.actor, aut,
        page_read{asked.ticket, "general", first, last, {run_of(first, last, "general", who)}});
  }

  static std::string shown(const std::string& name, const std::string& text) {
    return R"({"username":")" + name + R"(","message":")" + text + R"("})";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(go_session_tests, go_fixture)

CAF_TEST(a go client is in general from the beginning without a word) {
  begin();
  const auto asked = lobby.only<enter_room>();
  CAF_CHECK_EQUAL(asked.room, "general");
  CAF_CHECK(asked.who == (author{"guest", ""}));
  CAF_CHECK(wire->raw().empty());
}

CAF_TEST(the whole history comes as arrays in pages and then lines) {
  bounds.page = 2;
  begin();
  say(room.actor, aut, into(room, 3));
  const auto asked = cache.take<read_page>();
  CAF_REQUIRE_EQUAL(asked.size(), 1U);
  CAF_CHECK(asked[0].query == (read_query{"general", read_query::direction::after, 0, 2}));
  say(cache.actor, aut,
      page_read{asked[0].ticket, "general", 1, 2, {run_of(1, 2, "general", {"a1", "~ann"})}});
  deliver_run(4, 4);
  page(3, 4);
  deliver_run(5, 6);
  CAF_CHECK_EQUAL(wire->raw(), (lines{"[" + shown("ann", "m1") + "," + shown("ann", "m2") + "]",
                                      "[" + shown("zoe", "m3") + "," + shown("zoe", "m4") + "]",
                                      shown("zoe", "m5"), shown("zoe", "m6")}));
}

CAF_TEST(an empty history is no page) {
  begin_live();
  CAF_CHECK(wire->raw().empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
}

CAF_TEST(own lines are not shown live nor in pages) {
  begin_live();
  deliver_run(1, 1, me);
  deliver_run(2, 2);
  CAF_CHECK_EQUAL(wire->raw(), lines{shown("zoe", "m2")});
  deliver_run(5, 5);
  const auto asked = cache.only<read_page>();
  std::vector<run_ptr> runs{run_of(3, 3, "general", me), run_of(4, 5, "general", other)};
  say(cache.actor, aut, page_read{asked.ticket, "general", 3, 5, runs});
  deliver_run(8, 8);
  page(6, 8, me); // nothing but its own: no empty array
  CAF_CHECK_EQUAL(wire->raw(), lines{"[" + shown("zoe", "m4") + "," + shown("zoe", "m5") + "]"});
}

CAF_TEST(a slow go client is read for when its outbox is low) {
  begin_live();
  wire->backlog = bounds.outbox_high_bytes + 1;
  deliver_run(1, 2);
  deliver_run(3, 3);
  CAF_CHECK(wire->raw().empty());
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  CAF_CHECK_EQUAL(wire->low_asked, 1);
  wire->backlog = 0;
  say(self, aut, outbox_low{});
  page(1, 3);
  deliver_run(4, 4);
  const auto told = wire->raw();
  CAF_REQUIRE_EQUAL(told.size(), 2U);
  CAF_CHECK_EQUAL(told[1], shown("zoe", "m4"));
}

CAF_TEST(a read that fails is repeated) {
  begin();
  say(room.actor, aut, into(room, 2));
  say(cache.actor, aut, page_refused{cache.only<read_page>().ticket, "general", errc::busy});
  CAF_CHECK_EQUAL(cache.count<read_page>(), 0U);
  wait(bounds.retry_after);
  page(1, 2);
  CAF_CHECK_EQUAL(wire->raw().size(), 1U);
}

CAF_TEST(signals are not for go clients) {
  begin_live();
  say(room.actor, aut, notice{"general", make_slice(text_frame("{}"))});
  CAF_CHECK(wire->raw().empty());
}

// -- its lines
// -------------------------------------------------------------------------------------

CAF_TEST(the first line brings the name to the room and is stored) {
  begin_live();
  line("hello");
  const auto asked = lobby.only<enter_room>();
  CAF_CHECK(asked.who == me);
  const auto msg = room.only<post_draft>();
  CAF_CHECK(*msg.what == (draft{"general", me, "g4-1", "hello"}));
  CAF_CHECK_EQUAL(wire->given_back, 0U);
  say(room.actor, aut, post_stored{msg.ticket, {1, 1000}});
  CAF_CHECK_EQUAL(wire->given_back, 1U);
  CAF_CHECK(wire->raw().empty()); // it gets no receipt
}

CAF_TEST(a new name is told to the room and the same is not ) {
  begin_live();
  line("1");
  (void)lobby.take<enter_room>();
  line("2");
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
  line("3", "max");
  CAF_CHECK_EQUAL(lobby.only<enter_room>().who.name, "~max");
}

CAF_TEST(one line is under way and the others keep their order) {
  begin_live();
  line("1");
  line("2");
  const auto first = room.only<post_draft>();
  say(room.actor, aut, post_stored{first.ticket, {1, 1000}});
  const auto second = room.only<post_draft>();
  CAF_CHECK_EQUAL(second.what->client_id, "g4-2");
}

CAF_TEST(a line is repeated until the store has it and what is behind it waits) {
  begin_live();
  line("1");
  line("2");
  std::uint64_t round = 0;
  for (int i = 0; i < 3; ++i) {
    const auto msg = room.only<post_draft>();
    CAF_CHECK_EQUAL(msg.what->client_id, "g4-1");
    CAF_CHECK(msg.round > round); // the room refuses what is of a refused round
    round = msg.round;
    say(room.actor, aut, post_refused{msg.ticket, msg.round, errc::unavailable});
    CAF_CHECK_EQUAL(room.count<post_draft>(), 0U);
    wait(bounds.retry_after);
  }
  say(room.actor, aut, post_stored{room.only<post_draft>().ticket, {1, 1000}});
  CAF_CHECK_EQUAL(room.only<post_draft>().what->client_id, "g4-2");
  CAF_CHECK(wire->raw().empty());
}

CAF_TEST(a line that cannot be stored is told by the callboard) {
  begin_live();
  line("   ");
  line(std::string(8193, 'x'));
  say(self, aut, frame_received{"nonsense"});
  const auto told = wire->raw();
  CAF_REQUIRE_EQUAL(told.size(), 3U);
  for (const auto& text : told)
    CAF_CHECK(text.starts_with(R"({"username":"callboard","message":"not stored: )"));
  CAF_CHECK_EQUAL(wire->given_back, 3U);
  CAF_CHECK_EQUAL(room.count<post_draft>(), 0U);
}

CAF_TEST(a line that the store refuses for good is told and the next one goes) {
  begin_live();
  line("1");
  line("2");
  const auto msg = room.only<post_draft>();
  say(room.actor, aut, post_refused{msg.ticket, msg.round, errc::internal});
  CAF_CHECK_EQUAL(wire->raw().size(), 1U);
  CAF_CHECK_EQUAL(wire->given_back, 1U);
  CAF_CHECK_EQUAL(room.only<post_draft>().what->client_id, "g4-2");
}

// -- a room that dies, and the end
// -----------------------------------------------------------------

CAF_TEST(lines wait while the room is being entered) {
  begin();
  line("1");
  const auto asked = lobby.take<enter_room>().back();
  say(room.actor, aut, entered{asked.ticket, "general", room.actor, cache.actor, {"e1", 1, 0}, 1});
  CAF_CHECK_EQUAL(room.only<post_draft>().what->client_id, "g4-1");
}

CAF_TEST(the line under way is repeated to the successor of the room) {
  begin_live();
  line("1");
  (void)lobby.take<enter_room>();
  (void)room.take<post_draft>();
  deliver_run(1, 1);
  kill(room.actor);
  say(room2.actor, aut, into(room2, 2));
  CAF_CHECK_EQUAL(room2.only<post_draft>().what->client_id, "g4-1");
  page(2, 2);
  CAF_CHECK_EQUAL(wire->raw(), (lines{shown("zoe", "m1"), "[" + shown("zoe", "m2") + "]"}));
}

CAF_TEST(a page lost with a room whose death is not heard of yet is read again) {
  begin();
  say(room.actor, aut, into(room, 2));
  const auto lost = cache.only<read_page>();
  line("1"); // enters again, for its name
  say(room2.actor, aut, into(room2, 2));
  CAF_CHECK(cache.only<read_page>().query == lost.query);
  kill(room.actor);
  CAF_CHECK_EQUAL(lobby.count<enter_room>(), 0U);
}

CAF_TEST(a refused entry is asked for again and a slow answer counts) {
  begin();
  say(lobby.actor, aut,
      enter_refused{lobby.only<enter_room>().ticket, "general", errc::unavailable});
  wait(1s);
  const auto first = into(room, 1);
  wait(2s);
  CAF_CHECK(!lobby.take<enter_room>().empty());
  say(room.actor, aut, first);
  page(1, 1);
  CAF_CHECK_EQUAL(wire->raw().size(), 1U);
}

CAF_TEST(another log closes the connection) {
  begin_live();
  deliver_run(1, 1);
  kill(room.actor);
  say(room2.actor, aut, into(room2, 1, "e2"));
  CAF_CHECK(wire->closed_with == close_code::resync);
}

CAF_TEST(drain waits for the lines that were read) {
  begin_live();
  line("1");
  line("2");
  say(self, aut, drain{});
  line("3"); // too late
  const auto first = room.only<post_draft>();
  say(room.actor, aut, post_stored{first.ticket, {1, 1000}});
  CAF_CHECK(!wire->closed_with);
  const auto second = room.only<post_draft>();
  say(room.actor, aut, post_refused{second.ticket, second.round, errc::internal});
  CAF_CHECK(wire->closed_with == close_code::restart);
  CAF_CHECK_EQUAL(room.count<post_draft>(), 0U);
}

CAF_TEST(drain of an idle session closes at once) {
  begin_live();
  say(self, aut, drain{});
  CAF_CHECK(wire->closed_with == close_code::restart);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace go_session_suite
