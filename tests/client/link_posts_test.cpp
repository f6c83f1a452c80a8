// Rooms and posts of a link.
#define CAF_SUITE client_link

#include "client/link.hpp"
#include "tests/client/link_fixture.hpp"

using namespace callboard;
using namespace callboard::client;

namespace link_posts_suite {

CAF_TEST_FIXTURE_SCOPE(link_posts_tests, link_fixture)

CAF_TEST(a room is entered with each connection from its own position) {
  attend();
  start_as_alice();
  CAF_CHECK_EQUAL(room_count<link_up>(), 1U);
  enter();
  CAF_CHECK_EQUAL(room_count<log_entered>(), 1U);
  drop();
  CAF_CHECK_EQUAL(room_count<link_down>(), 1U);
  pass(50ms);
  become_welcome();
  CAF_CHECK_EQUAL(room_count<link_up>(), 2U);
  enter(7);
  const auto join = requests<wire::join>().at(0).second;
  CAF_CHECK(join.after == seq_t{7});
  CAF_CHECK_EQUAL(join.epoch, "e1");
}

CAF_TEST(only the answer to the last join counts) {
  attend();
  start_as_alice();
  tell_link(enter_log{{"tea", {}, "", 50}, room});
  tell_link(enter_log{{"tea", seq_t{3}, "e1", 50}, room});
  const auto joins = requests<wire::join>();
  say(joins.at(0).first, wire::joined{"tea", "e1", 1, 0, wire::join_mode::fresh});
  CAF_CHECK_EQUAL(room_count<log_entered>(), 0U);
  say(joins.at(1).first, wire::joined{"tea", "e1", 1, 0, wire::join_mode::resumed});
  CAF_CHECK_EQUAL(room_count<log_entered>(), 1U);
}

CAF_TEST(a join that is refused for now is repeated and one refused for good is told) {
  attend();
  start_as_alice();
  tell_link(enter_log{{"tea", {}, "", 50}, room});
  refuse(requests<wire::join>().at(0).first, errc::unavailable, 2000);
  CAF_CHECK_EQUAL(room_count<link_up>(), 1U);
  pass(2050ms);
  CAF_CHECK_EQUAL(room_count<link_up>(), 2U);
  tell_link(enter_log{{"tea", {}, "", 50}, room});
  refuse(requests<wire::join>().at(1).first, errc::bad_room);
  CAF_CHECK_EQUAL(room_count<enter_failed>(), 1U);
}

CAF_TEST(posts wait for the room and then leave in order) {
  attend();
  post("a");
  start_as_alice();
  post("b");
  CAF_CHECK_EQUAL(posted(), "");
  enter();
  CAF_CHECK_EQUAL(posted(), "ab");
}

CAF_TEST(no post leaves between a new join and its answer) {
  attend();
  start_as_alice();
  enter();
  tell_link(enter_log{{"tea", seq_t{3}, "e1", 50}, room});
  const auto again = requests<wire::join>().back().first;
  post("a"); // Behind a join that is refused it would be refused as well, and "b" perhaps not.
  post("b");
  CAF_CHECK_EQUAL(posted(), "");
  say(again, wire::joined{"tea", "e1", 1, 3, wire::join_mode::resumed});
  CAF_CHECK_EQUAL(posted(), "ab");
}

CAF_TEST(what has no receipt is sent again with the same id) {
  attend();
  start_as_alice();
  enter();
  for (const auto* const id : {"a", "b", "c"})
    post(id);
  receipt(requests<wire::post>().at(0).first, "a", 1);
  drop();
  pass(50ms);
  post("d");
  become_welcome();
  CAF_CHECK_EQUAL(posted(), ""); // Not before the room is entered.
  enter(1);
  CAF_CHECK_EQUAL(posted(), "bcd");
  CAF_CHECK(requests<wire::post>().at(0).second.text == "text of b");
  say(requests<wire::post>().at(0).first, wire::posted{"tea", "b", 2, 0, true});
  CAF_CHECK_EQUAL(room_count<post_accepted>(), 2U);
}

CAF_TEST(after a refusal nothing overtakes) {
  attend();
  start_as_alice();
  enter();
  for (const auto* const id : {"a", "b", "c"})
    post(id);
  const auto first = requests<wire::post>();
  refuse(first.at(0).first, errc::busy, 1000, "a");
  post("d");
  CAF_CHECK_EQUAL(posted(), "abc");
  pass(2s);
  CAF_CHECK_EQUAL(posted(), "abc"); // b and c are still under way.
  refuse(first.at(2).first, errc::busy, 1000, "c");
  refuse(first.at(1).first, errc::busy, 1000, "b");
  CAF_CHECK_EQUAL(posted(), "abc");
  pass(1050ms);
  CAF_CHECK_EQUAL(posted(), "abcabcd");
}

CAF_TEST(an answer to an earlier attempt is no answer to the later) {
  attend();
  start_as_alice();
  enter();
  post("a");
  const auto first = requests<wire::post>().at(0).first;
  refuse(first, errc::busy, 100, "a");
  pass(150ms);
  CAF_CHECK_EQUAL(posted(), "aa");
  refuse(first, errc::internal, {}, "a");
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 0U);
  receipt(requests<wire::post>().at(1).first, "a", 1);
  CAF_CHECK_EQUAL(room_count<post_accepted>(), 1U);
}

CAF_TEST(a refusal for good ends one post and no other) {
  attend();
  start_as_alice();
  enter();
  post("a");
  post("b");
  refuse(requests<wire::post>().at(0).first, errc::internal, {}, "a");
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 1U);
  receipt(requests<wire::post>().at(1).first, "b", 1);
  CAF_CHECK_EQUAL(room_count<post_accepted>(), 1U);
  drop();
  pass(50ms);
  become_welcome();
  enter(1);
  CAF_CHECK_EQUAL(posted(), "");
}

CAF_TEST(a place in the room that the server lost is taken again before the post) {
  attend();
  start_as_alice();
  enter();
  post("a");
  refuse(requests<wire::post>().at(0).first, errc::not_joined, {}, "a");
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 0U);
  pass(1050ms);
  CAF_CHECK_EQUAL(posted(), "a");
  CAF_CHECK_EQUAL(room_count<link_up>(), 2U);
  enter(1);
  CAF_CHECK_EQUAL(posted(), "aa");
}

CAF_TEST(no more posts are under way than our bound and that of the server) {
  attend();
  start_as_alice();
  enter();
  for (int i = 0; i < 100; ++i)
    post("p" + std::to_string(i));
  CAF_CHECK_EQUAL(requests<wire::post>().size(), 32U);
  receipt(requests<wire::post>().at(0).first, "p0", 1);
  CAF_CHECK_EQUAL(requests<wire::post>().size(), 33U);
  requests_under_way = 4;
  drop();
  pass(50ms);
  become_welcome();
  enter(1);
  CAF_CHECK_EQUAL(requests<wire::post>().size(), 4U);
}

CAF_TEST(what the server would refuse or hang up for is not sent) {
  attend();
  start_as_alice();
  enter();
  tell_link(submit_post{"tea", "long", std::string(8193, 'x')});
  tell_link(submit_post{"tea", "empty", "  "});
  tell_link(submit_post{"tea", "nul", std::string("a\0b", 3)});
  tell_link(submit_post{"tea", "bytes", "\xff"});
  CAF_CHECK_EQUAL(posted(), "");
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 4U);
  post("a");
  CAF_CHECK_EQUAL(posted(), "a");
}

CAF_TEST(without a server a bounded number of posts is kept) {
  attend();
  for (int i = 0; i < 1001; ++i)
    post("p" + std::to_string(i));
  CAF_CHECK_EQUAL(room_count<post_rejected>(), 1U);
}

CAF_TEST(an own page and one that the server sends are told apart) {
  attend();
  start_as_alice();
  enter();
  tell_link(request_older{"tea", 5, 10});
  const auto asked = requests<wire::history>();
  CAF_REQUIRE_EQUAL(asked.size(), 1U);
  CAF_CHECK(asked[0].second.before == seq_t{5});
  say({}, wire::history_page{"tea", {}, false, true});
  CAF_CHECK_EQUAL(room_count<page_came>(), 1U);
  CAF_CHECK_EQUAL(room_count<older_page>(), 0U);
  say(asked[0].first, wire::history_page{"tea", {}, false, false});
  CAF_CHECK_EQUAL(room_count<older_page>(), 1U);
  say({}, wire::history_page{"tea", {}, false, false}); // Nobody asked.
  CAF_CHECK_EQUAL(room_count<older_page>(), 1U);
}

CAF_TEST(a page behind an entry is asked for as such) {
  attend();
  start_as_alice();
  enter();
  tell_link(request_older{"tea", 0, 10, 5});
  const auto asked = requests<wire::history>();
  CAF_REQUIRE_EQUAL(asked.size(), 1U);
  CAF_CHECK(asked[0].second.after == seq_t{5} && !asked[0].second.before);
}

CAF_TEST(a page that is refused is told) {
  attend();
  start_as_alice();
  enter();
  tell_link(request_older{"tea", 5, 10});
  refuse(requests<wire::history>().at(0).first, errc::unavailable, 1000);
  CAF_CHECK_EQUAL(room_count<older_failed>(), 1U);
}

CAF_TEST(rooms are asked for and answered) {
  start_as_alice();
  tell_link(query_rooms{"te", 10});
  say(requests<wire::rooms>().at(0).first, wire::room_list{{{"tea", 3, 1}}});
  const auto known = screen->seen.all<rooms_known>();
  CAF_REQUIRE_EQUAL(known.size(), 1U);
  CAF_CHECK_EQUAL(known[0].prefix, "te");
  CAF_CHECK(known[0].rooms == (std::vector<room_info>{{"tea", 3, 1}}));
  tell_link(query_rooms{"te", 10});
  refuse(requests<wire::rooms>().at(1).first, errc::unavailable, 1000);
  CAF_CHECK(screen->seen.all<rooms_known>().at(1).failed == errc::unavailable);
}

CAF_TEST(a room that was abandoned is left and forgotten) {
  attend();
  start_as_alice();
  enter();
  tell_link(abandon_room{"tea", room});
  CAF_CHECK_EQUAL(requests<wire::leave>().size(), 1U);
  room_saw->clear();
  say({}, wire::message{"tea", {1, {"id-b", "bob"}, "c", "hi", 0}});
  CAF_CHECK(room_saw->empty());
}

CAF_TEST(a room that was entered again is not left by its earlier timeline) {
  attend();
  start_as_alice();
  enter();
  auto later_saw = std::make_shared<std::vector<doubles::timeline_event>>();
  const auto later = start<doubles::noting_timeline>(sys, later_saw);
  tell_link(attend_room{"tea", later});
  tell_link(abandon_room{"tea", room}); // It was slower than the person who typed /join.
  CAF_CHECK(requests<wire::leave>().empty());
  say({}, wire::message{"tea", {1, {"id-b", "bob"}, "c", "hi", 0}});
  CAF_CHECK(std::holds_alternative<entry_came>(later_saw->back()));
  stop(later);
}

CAF_TEST(a timeline that begins late does not take its room from the one that has followed it) {
  start_as_alice();
  auto later_saw = std::make_shared<std::vector<doubles::timeline_event>>();
  const auto later = start<doubles::noting_timeline>(sys, later_saw);
  tell_link(attend_room{"tea", later});
  tell_link(enter_log{{"tea", {}, "", 50}, later});
  say(requests<wire::join>().back().first, wire::joined{"tea", "e1", 1, 0, wire::join_mode::fresh});
  tell_link(attend_room{"tea", room}); // Started before the later one; its thread was slower.
  tell_link(abandon_room{"tea", room});
  CAF_CHECK(requests<wire::leave>().empty());
  later_saw->clear();
  say({}, wire::message{"tea", {1, {"id-b", "bob"}, "c", "hi", 0}});
  CAF_REQUIRE(!later_saw->empty());
  CAF_CHECK(std::holds_alternative<entry_came>(later_saw->back()));
  stop(later);
}

CAF_TEST(a timeline that another has followed does not move the reading position) {
  attend();
  start_as_alice();
  enter(3);
  auto later_saw = std::make_shared<std::vector<doubles::timeline_event>>();
  const auto later = start<doubles::noting_timeline>(sys, later_saw);
  tell_link(attend_room{"tea", later});
  tell_link(enter_log{{"tea", {}, "", 0}, later});
  const auto joins = requests<wire::join>();
  tell_link(enter_log{{"tea", seq_t{3}, "e1", 50}, room}); // It was told of the same link_up.
  CAF_CHECK_EQUAL(requests<wire::join>().size(), joins.size());
  later_saw->clear();
  say(joins.back().first, wire::joined{"tea", "e1", 1, 26, wire::join_mode::fresh});
  CAF_REQUIRE_EQUAL(later_saw->size(), 1U);
  CAF_CHECK(std::holds_alternative<log_entered>(later_saw->back()));
  stop(later);
}

CAF_TEST(a repetition that is due while the window is full does not ring without end) {
  requests_under_way = 1;
  attend();
  start_as_alice();
  enter();
  auto other_saw = std::make_shared<std::vector<doubles::timeline_event>>();
  const auto other = start<doubles::noting_timeline>(sys, other_saw);
  tell_link(attend_room{"pot", other});
  tell_link(enter_log{{"pot", {}, "", 50}, other});
  say(requests<wire::join>().back().first, wire::joined{"pot", "e1", 1, 0, wire::join_mode::fresh});
  post("a");
  refuse(requests<wire::post>().at(0).first, errc::busy, 100, "a");
  tell_link(submit_post{"pot", "b", "takes the only place"});
  pass(100ms); // a is due, but b has no answer yet.
  std::size_t messages = 0;
  for (int i = 0; i < 20; ++i) {
    advance_time(1ms);
    while (messages < 1000 && consume_message())
      ++messages;
  }
  CAF_CHECK(messages < 5);
  stop(other);
}

CAF_TEST(a connection that brings an impossible log is dropped) {
  attend();
  start_as_alice();
  tell_link(distrust{"a hole"});
  CAF_CHECK(!way->connected);
  CAF_CHECK_EQUAL(screen->seen.all<link_lost>().size(), 1U);
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace link_posts_suite
