// What a link does for whoever sits before it: a dead line is noticed while they type, the way to
// the server is measured, and they may say "now".
#define CAF_SUITE client_link

#include "client/link.hpp"
#include "tests/client/link_fixture.hpp"

using namespace callboard;
using namespace callboard::client;

namespace link_beat_suite {

namespace {

struct beat_fixture : link_fixture {
  std::size_t pings() { return requests<wire::ping>().size(); }
  void answer_ping() { say(requests<wire::ping>().back().first, wire::pong{}); }
  std::size_t losses() { return screen->seen.all<link_lost>().size(); }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(link_beat_tests, beat_fixture)

CAF_TEST(a dead line is noticed within twelve seconds while somebody types) {
  start_as_alice();
  pass(20s); // Whatever the link had planned before the first key.
  tell_link(keys_touched{});
  answer_ping();
  pass(1s); // And from here on no frame comes any more.
  const auto losses_before = losses();
  std::chrono::milliseconds waited{0};
  while (losses() == losses_before && waited < 30s) {
    tell_link(keys_touched{});
    pass(500ms);
    waited += 500ms;
  }
  CAF_CHECK(waited <= 12s);
  CAF_CHECK(screen->seen.all<link_lost>().back().why.find("nothing heard") != std::string::npos);
}

CAF_TEST(without keys the line is asked as seldom as the server says) {
  start_as_alice();
  tell_link(keys_touched{});
  answer_ping();
  for (int i = 0; i < 12; ++i) {
    pass(5s);
    answer_ping();
  }
  const auto before = pings();
  pass(24s);
  CAF_CHECK_EQUAL(pings(), before);
  pass(2s);
  CAF_CHECK_EQUAL(pings(), before + 1);
}

CAF_TEST(the first key after a pause asks at once) {
  start_as_alice();
  pass(10s);
  CAF_CHECK_EQUAL(pings(), 0U);
  tell_link(keys_touched{});
  CAF_CHECK_EQUAL(pings(), 1U);
  tell_link(keys_touched{});
  tell_link(keys_touched{});
  CAF_CHECK_EQUAL(pings(), 1U);
}

CAF_TEST(the round trip is measured also while other frames come) {
  attend();
  start_as_alice();
  tell_link(keys_touched{});
  pass(150ms);
  say({}, wire::typing_notice{"tea", "bob"});
  pass(50ms);
  answer_ping();
  const auto pulses = screen->seen.all<link_pulse>();
  CAF_REQUIRE_EQUAL(pulses.size(), 1U);
  CAF_CHECK(pulses[0].round_trip == 200ms);
  for (int i = 0; i < 100; ++i) {
    pass(100ms);
    say({}, wire::typing_notice{"tea", "bob"});
  }
  CAF_CHECK_EQUAL(pings(), 3U);
  answer_ping();
  CAF_CHECK_EQUAL(screen->seen.all<link_pulse>().size(), 2U);
}

CAF_TEST(our own pause is no round trip and no silence) {
  start_as_alice();
  tell_link(keys_touched{});
  tell_link(hold_reading{true});
  for (int i = 0; i < 60; ++i) {
    tell_link(keys_touched{});
    pass(1s);
  }
  CAF_CHECK_EQUAL(losses(), 0U);
  tell_link(hold_reading{false});
  answer_ping();
  CAF_CHECK(screen->seen.all<link_pulse>().empty());
}

CAF_TEST(a new connection is measured at once while somebody is there) {
  start_as_alice();
  tell_link(keys_touched{});
  drop();
  pass(50ms);
  become_welcome();
  CAF_CHECK_EQUAL(pings(), 1U);
}

CAF_TEST(a person who says now is not kept waiting) {
  start_as_alice();
  say({}, wire::bye{"restart", 60000});
  dice = 500;
  drop({closing::reason::closed, 1012, "restart"});
  CAF_CHECK_EQUAL(way->opens, 1);
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(way->opens, 2);
  become_welcome();
  CAF_CHECK_EQUAL(screen->seen.all<link_welcome>().size(), 2U);
  pass(70s);                      // The appointment of before rings for nobody.
  CAF_CHECK_EQUAL(way->opens, 3); // Only the two heartbeats that nobody answers.
}

CAF_TEST(reconnect leaves a connection and takes its rooms along) {
  attend();
  start_as_alice();
  enter();
  post("a");
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(room_count<link_down>(), 1U);
  CAF_CHECK_EQUAL(way->opens, 2);
  become_welcome();
  CAF_CHECK_EQUAL(room_count<link_up>(), 2U);
  enter(0);
  CAF_CHECK_EQUAL(posted(), "a");
}

CAF_TEST(reconnect while it connects and after an end begins anew) {
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(way->opens, 0); // Nobody has said who to be.
  tell_link(introduce{"alice", {}});
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(way->opens, 2);
  accept();
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(way->opens, 3);
  drop({closing::reason::mismatch, 0, "HTTP 404"});
  CAF_CHECK_EQUAL(screen->seen.all<link_ended>().size(), 1U);
  tell_link(reconnect{});
  CAF_CHECK_EQUAL(way->opens, 4);
  become_welcome();
}

CAF_TEST(tries are counted until a connection has proved itself) {
  tell_link(introduce{"alice", {}});
  for (std::uint32_t attempt = 1; attempt < 5; ++attempt) {
    drop();
    CAF_CHECK(screen->seen.all<link_lost>().back().attempt == attempt);
    pass(50ms);
  }
  become_welcome();
  pass(6s);
  drop();
  CAF_CHECK(screen->seen.all<link_lost>().back().attempt == 1U);
}

CAF_TEST(typing goes out at most once in three seconds and only from a room) {
  attend();
  start_as_alice();
  tell_link(say_typing{"tea"});
  CAF_CHECK(requests<wire::typing>().empty());
  enter();
  for (int i = 0; i < 29; ++i) {
    tell_link(say_typing{"tea"});
    pass(100ms);
  }
  CAF_REQUIRE_EQUAL(requests<wire::typing>().size(), 1U);
  CAF_CHECK(requests<wire::typing>()[0].first.empty());
  pass(200ms);
  tell_link(say_typing{"tea"});
  CAF_CHECK_EQUAL(requests<wire::typing>().size(), 2U);
}

CAF_TEST(a post can be taken back only before a server may have it) {
  attend();
  start_as_alice();
  post("early");
  tell_link(withdraw_post{"tea", "early"});
  enter();
  CAF_CHECK_EQUAL(posted(), "");
  post("late");
  tell_link(withdraw_post{"tea", "late"});
  drop();
  tell_link(withdraw_post{"tea", "late"});
  CAF_REQUIRE_EQUAL(room_count<post_withdrawn>(), 3U);
  std::string gone;
  for (const auto& event : *room_saw)
    if (const auto* const what = std::get_if<post_withdrawn>(&event))
      gone += what->gone ? "y" : "n";
  CAF_CHECK_EQUAL(gone, "ynn");
}

CAF_TEST_FIXTURE_SCOPE_END()

} // namespace link_beat_suite
